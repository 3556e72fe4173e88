-- wrk's side of a run of the peer: asks about a live token again and again. Arguments: token, authorization.
local call

function init(arguments)
  local body = "token=" .. arguments[1]
  call = table.concat({
    "POST /token/introspection HTTP/1.1",
    "Host: 127.0.0.1:" .. wrk.port,
    "Authorization: " .. arguments[2],
    "Content-Type: application/x-www-form-urlencoded",
    "Content-Length: " .. #body,
    "",
    body,
  }, "\r\n")
end

function request()
  return call
end
