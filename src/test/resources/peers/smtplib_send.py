# Sends by Python's smtplib: PORT MODE USER PASSWORD; MODE is plain, utf8 or login. Prints ok, or the server's refusal.
import smtplib
import ssl
import sys
from email.message import EmailMessage
from email.policy import SMTPUTF8

port, mode, user, password = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
message = EmailMessage(policy=SMTPUTF8) if mode == "utf8" else EmailMessage()
message["From"] = "jörg@müller.example" if mode == "utf8" else user
message["To"] = user
message["Subject"] = "Grüße" if mode == "utf8" else "from smtplib"
message.set_content("Hello\n.dot\n")
message.add_attachment(bytes(range(256)), maintype="application", subtype="octet-stream", filename="bytes.bin")
with smtplib.SMTP("127.0.0.1", port, timeout=30) as smtp:
    if mode == "login":
        trusting = ssl.create_default_context()
        trusting.check_hostname = False
        trusting.verify_mode = ssl.CERT_NONE
        smtp.starttls(context=trusting)
        smtp.login(user, password)
    try:
        smtp.send_message(message)
        print("ok")
    except smtplib.SMTPResponseException as refusal:
        print(refusal.smtp_code, refusal.smtp_error)
