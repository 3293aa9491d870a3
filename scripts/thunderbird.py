#!/usr/bin/env python3
"""Drives Debian's Thunderbird against a mail server on loopback, as a person would use it.

thunderbird.py --imaps PORT --smtp PORT --submissions PORT --user ADDRESS --password WORD --folder DIR

Makes a profile with one account, starts Thunderbird on a display of its own, and checks: the folders appear, mail that
is there is shown, new mail appears by itself, a mail written in Thunderbird is sent and its copy filed, a flag
set in Thunderbird sticks. Leaves screenshots in DIR. Exit status 0 when everything was seen. Speaks Marionette, the
remote control built into Thunderbird, so nothing is clicked by position.
"""
import argparse
import base64
import imaplib
import json
import os
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path

LIMIT_SECONDS = 90

PREFERENCES = {
    "mail.accountmanager.accounts": "account1,account2",
    "mail.accountmanager.defaultaccount": "account1",
    "mail.accountmanager.localfoldersserver": "server2",
    "mail.account.account1.identities": "id1",
    "mail.account.account1.server": "server1",
    "mail.account.account2.server": "server2",
    "mail.identity.id1.fullName": "Alice",
    "mail.identity.id1.valid": True,
    "mail.identity.id1.smtpServer": "smtp1",
    "mail.server.server1.type": "imap",
    "mail.server.server1.hostname": "127.0.0.1",
    "mail.server.server1.name": "mailserver",
    "mail.server.server1.socketType": 3,
    "mail.server.server1.authMethod": 3,
    "mail.server.server1.login_at_startup": False,
    "mail.server.server2.type": "none",
    "mail.server.server2.hostname": "Local Folders",
    "mail.server.server2.name": "Local Folders",
    "mail.server.server2.userName": "nobody",
    "mail.smtpservers": "smtp1",
    "mail.smtp.defaultserver": "smtp1",
    "mail.smtpserver.smtp1.hostname": "127.0.0.1",
    "mail.smtpserver.smtp1.try_ssl": 3,
    "mail.smtpserver.smtp1.authMethod": 3,
    # Everything that asks a new user something, or talks to the world.
    "mail.shell.checkDefaultClient": False,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.spotlight.firstRunDone": True,
    "mail.rights.version": 1,
    "mailnews.start_page.enabled": False,
    "mailnews.start_page_override.mstone": "ignore",
    "app.donation.eoy.version.viewed": 999,
    "app.update.enabled": False,
    "app.normandy.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "toolkit.telemetry.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "mail.biff.alert.show_preview": False,
    "mail.winsearch.enable": False,
    "mail.chat.enabled": False,
    "calendar.integration.notify": False,
    "marionette.port": 0,
}


class Marionette:
    """The protocol: LENGTH:[type, id, ...] in JSON over TCP."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), LIMIT_SECONDS)
        self.number = 0
        self.receive()
        self.command("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": True}}})
        self.command("WebDriver:SetTimeouts", {"script": LIMIT_SECONDS * 1000})
        self.command("Marionette:SetContext", {"value": "chrome"})

    def receive(self):
        length = b""
        while not length.endswith(b":"):
            octet = self.socket.recv(1)
            if not octet:
                raise SystemExit("Thunderbird closed its remote control")
            length += octet
        left = int(length[:-1])
        octets = b""
        while len(octets) < left:
            octets += self.socket.recv(left - len(octets))
        return json.loads(octets)

    def command(self, name, arguments):
        self.number += 1
        octets = json.dumps([0, self.number, name, arguments]).encode()
        self.socket.sendall(str(len(octets)).encode() + b":" + octets)
        _, _, error, result = self.receive()
        if error:
            raise RuntimeError(error.get("message", str(error)))
        return result.get("value") if isinstance(result, dict) else result

    def run(self, script, *arguments):
        """The value of an async function's body, run in Thunderbird."""
        wrapped = (
            "const done = arguments[arguments.length - 1];"
            "const { MailServices } = ChromeUtils.importESModule('resource:///modules/MailServices.sys.mjs');"
            "(async (...args) => {" + script + "})(...arguments).then(done, error => done({failed: String(error)}));"
        )
        value = self.command("WebDriver:ExecuteAsyncScript", {"script": wrapped, "args": list(arguments), "sandbox": "system"})
        if isinstance(value, dict) and "failed" in value:
            raise RuntimeError(value["failed"])
        return value

    def screenshot(self, file):
        value = self.command("WebDriver:TakeScreenshot", {"full": True, "hash": False})
        Path(file).write_bytes(base64.b64decode(value))


FOLDER = """
    const server = MailServices.accounts.allServers.find(each => each.type === 'imap');
    const folder = server.rootFolder.subFolders.find(each => each.name.toLowerCase() === args[0].toLowerCase());
"""


def wait_for(what, probe):
    end = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < end:
        value = probe()
        if value:
            print("seen:", what)
            return value
        time.sleep(0.2)
    raise SystemExit("not seen within %d s: %s" % (LIMIT_SECONDS, what))


def write_profile(folder, options):
    profile = folder / "profile"
    profile.mkdir(parents=True)
    preferences = dict(PREFERENCES)
    preferences["mail.identity.id1.useremail"] = options.user
    preferences["mail.server.server1.port"] = options.imaps
    preferences["mail.server.server1.userName"] = options.user
    preferences["mail.server.server1.directory"] = str(profile / "ImapMail/127.0.0.1")
    preferences["mail.server.server2.directory"] = str(profile / "Mail/Local Folders")
    preferences["mail.smtpserver.smtp1.port"] = options.submissions
    preferences["mail.smtpserver.smtp1.username"] = options.user
    lines = ["user_pref(%s, %s);" % (json.dumps(key), json.dumps(value)) for key, value in preferences.items()]
    (profile / "user.js").write_text("\n".join(lines) + "\n")
    return profile


def deliver(options, subject):
    message = EmailMessage()
    message["From"] = "Bob <bob@example.net>"
    message["To"] = options.user
    message["Subject"] = subject
    message["Message-ID"] = "<%s@example.net>" % subject.replace(" ", ".").lower()
    message.set_content("Hello Alice,\n\nthis came by SMTP.\n")
    with smtplib.SMTP("127.0.0.1", options.smtp, timeout=LIMIT_SECONDS) as smtp:
        smtp.send_message(message, "bob@example.net", [options.user])


def flagged(options):
    """Whether every message in the INBOX has a star, asked by another client."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with imaplib.IMAP4_SSL("127.0.0.1", options.imaps, ssl_context=context) as imap:
        imap.login(options.user, options.password)
        imap.select("INBOX", readonly=True)
        return imap.search(None, "UNFLAGGED")[1] == [b""]


def use(thunderbird, options, folder):
    login = """
        const info = Cc['@mozilla.org/login-manager/loginInfo;1'].createInstance(Ci.nsILoginInfo);
        for (const origin of ['imap://127.0.0.1', 'smtp://127.0.0.1']) {
            info.init(origin, null, origin, args[0], args[1], '', '');
            await Services.logins.addLoginAsync(info.clone());
        }
    """
    thunderbird.run(login, options.user, options.password)
    # What a person does who is asked whether to trust the server's self-signed certificate.
    trust = """
        const certificate = Cc['@mozilla.org/security/x509certdb;1'].getService(Ci.nsIX509CertDB).constructX509FromBase64(args[1]);
        Cc['@mozilla.org/security/certoverride;1'].getService(Ci.nsICertOverrideService)
            .rememberValidityOverride('127.0.0.1', args[0], {}, certificate, true);
    """
    for port in (options.imaps, options.submissions):
        pem = ssl.get_server_certificate(("127.0.0.1", port))
        thunderbird.run(trust, port, "".join(pem.strip().splitlines()[1:-1]))
    thunderbird.run(FOLDER + """
        const window = Services.wm.getMostRecentWindow('mail:3pane');
        server.performExpand(window.msgWindow);
        folder.updateFolder(window.msgWindow);
    """, "Inbox")
    names = FOLDER + "return server.rootFolder.descendants.map(each => each.name.toLowerCase());"
    wait_for("the folders", lambda: {"inbox", "drafts", "sent", "junk", "trash"} <= set(thunderbird.run(names, "Inbox")))
    subjects = FOLDER + """
        return [...(folder?.messages ?? [])].map(header => header.mime2DecodedSubject);
    """
    thunderbird.run(FOLDER + """
        const tab = Services.wm.getMostRecentWindow('mail:3pane').document.getElementById('tabmail').currentAbout3Pane;
        tab.displayFolder(folder.URI);
        folder.updateFolder(null);
    """, "Inbox")
    wait_for("the mail that was there", lambda: "Before Thunderbird" in thunderbird.run(subjects, "Inbox"))
    thunderbird.screenshot(folder / "thunderbird-inbox.png")
    deliver(options, "While Thunderbird runs")
    # Nothing is asked for here: the server must tell (RFC 2177).
    wait_for("new mail by itself", lambda: "While Thunderbird runs" in thunderbird.run(subjects, "Inbox"))
    show = """
        const pane = Services.wm.getMostRecentWindow('mail:3pane').document.getElementById('tabmail').currentAbout3Pane;
        pane.threadTree.selectedIndex = 0;
    """
    thunderbird.run(show)
    body = """
        const tabmail = Services.wm.getMostRecentWindow('mail:3pane').document.getElementById('tabmail');
        const browser = tabmail.currentAboutMessage?.getMessagePaneBrowser();
        return browser?.contentDocument?.body?.textContent ?? '';
    """
    wait_for("its text", lambda: "this came by SMTP" in (thunderbird.run(body) or ""))
    thunderbird.run(FOLDER + "for (const header of folder.messages) folder.markMessagesFlagged([header], true);", "Inbox")
    wait_for("the flags at the server", lambda: flagged(options))
    thunderbird.screenshot(folder / "thunderbird-message.png")
    send(thunderbird, options)
    wait_for("the mail sent to oneself", lambda: "From Thunderbird" in thunderbird.run(subjects, "Inbox"))
    thunderbird.run(FOLDER + "folder.updateFolder(null);", "Sent")
    wait_for("its copy in Sent", lambda: "From Thunderbird" in thunderbird.run(subjects, "Sent"))
    thunderbird.screenshot(folder / "thunderbird-sent.png")


def send(thunderbird, options):
    thunderbird.run("""
        const fields = Cc['@mozilla.org/messengercompose/composefields;1'].createInstance(Ci.nsIMsgCompFields);
        fields.to = args[0];
        fields.subject = 'From Thunderbird';
        fields.body = 'Written in Thunderbird.\\r\\n';
        const params = Cc['@mozilla.org/messengercompose/composeparams;1'].createInstance(Ci.nsIMsgComposeParams);
        params.composeFields = fields;
        params.identity = MailServices.accounts.allIdentities[0];
        params.format = Ci.nsIMsgCompFormat.PlainText;
        params.type = Ci.nsIMsgCompType.New;
        MailServices.compose.OpenComposeWindowWithParams(null, params);
    """, options.user)
    ready = """
        const window = Services.wm.getMostRecentWindow('msgcompose');
        return Boolean(window && window.gMsgCompose && window.gMsgCompose.editor && window.ComposeCanClose);
    """
    wait_for("the compose window", lambda: thunderbird.run(ready))
    thunderbird.run("""
        const window = Services.wm.getMostRecentWindow('msgcompose');
        window.setTimeout(() => window.GenericSendMessage(Ci.nsIMsgCompDeliverMode.Now), 500);
    """)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for port in ("imaps", "smtp", "submissions"):
        parser.add_argument("--" + port, type=int, required=True)
    for word in ("user", "password", "folder"):
        parser.add_argument("--" + word, required=True)
    options = parser.parse_args()
    folder = Path(options.folder).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    profile = write_profile(folder, options)
    deliver(options, "Before Thunderbird")
    read, write = os.pipe()
    display = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
                               pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    number = os.read(read, 16).decode().strip()
    environment = dict(os.environ, DISPLAY=":" + number, HOME=str(folder), MOZ_CRASHREPORTER_DISABLE="1", LIBGL_ALWAYS_SOFTWARE="1")
    log = open(folder / "thunderbird.log", "w")
    program = subprocess.Popen(["thunderbird", "--no-remote", "--profile", str(profile), "--marionette", "-remote-allow-system-access"], env=environment,
                               stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        active = profile / "MarionetteActivePort"
        port = int(wait_for("Thunderbird", lambda: active.exists() and active.read_text().strip()))
        thunderbird = Marionette(port)
        try:
            use(thunderbird, options, folder)
        except BaseException:
            thunderbird.screenshot(folder / "thunderbird-failure.png")
            raise
        try:
            thunderbird.command("Marionette:Quit", {"flags": ["eForceQuit"]})
        except (RuntimeError, SystemExit):
            pass  # It may be gone before it can answer.
        program.wait(30)
    finally:
        for process in (program, display):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
        log.close()
    print("everything seen; screenshots in", folder)


if __name__ == "__main__":
    sys.exit(main())
