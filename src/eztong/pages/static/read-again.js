// What answered a form is read again at the form's page: Back and reload ask for that page instead of sending the form
// once more, which browsers refuse with an error page of their own.

const page = document.querySelector("meta[name=read-again-at]");

if (page) history.replaceState(null, "", page.content);
