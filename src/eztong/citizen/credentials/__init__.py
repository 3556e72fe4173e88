"""How a person shows who they are, on whatever journey: name and number, message code, passkey."""
