-- wrk's side of a run of verifications: posts each code of a file once, each with desk, scene and an idempotency key
-- of its own, and ends the run when all are answered. Arguments: a file, with the API key in its first line and a code
-- in each other; how many connections there are.
local ffi = require("ffi")
ffi.cdef("int getpid(void); int kill(int pid, int signal);")

local INTERRUPT = 2
local calls, sent, waiting = {}, 0, 0

function init(arguments)
  local lines = io.lines(arguments[1])
  waiting = tonumber(arguments[2])
  local key = lines()
  for code in lines do
    local body = '{"code":"' .. code .. '","scene":"hotel_check_in","desk":"front-1"}'
    calls[#calls + 1] = table.concat({
      "POST /v1/verifications HTTP/1.1",
      "Host: 127.0.0.1:" .. wrk.port,
      "Authorization: Bearer " .. key,
      "Content-Type: application/json",
      "Idempotency-Key: " .. code:sub(16, 44),
      "Content-Length: " .. #body,
      "",
      body,
    }, "\r\n")
  end
  -- wrk asks for one request before the run, to see whether it can be parsed, and does not send it.
  sent = -1
end

function request()
  sent = sent + 1
  if sent == 0 then
    return calls[1]
  end
  if sent <= #calls then
    return calls[sent]
  end
  -- A connection comes here once its last call is answered. wrk's main thread sleeps until a signal wakes it.
  waiting = waiting - 1
  if waiting == 0 then
    wrk.thread:stop()
    ffi.C.kill(ffi.C.getpid(), INTERRUPT)
  end
  return ""
end
