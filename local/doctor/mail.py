"""The mail server: the conversation of a mail as far as its recipient, then taken back; a mail only when somebody asks for one."""

from collections.abc import AsyncIterator, Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPRecipientRefused, SMTPSenderRefused

from chassis.discretion import describe
from local.doctor.findings import Finding, error, well
from local.doctor.patient import Patient
from services.notifications.delivery.smtp import Server
from services.notifications.settings import NotificationSettings

TIMEOUT = 5.0


async def smtp(patient: Patient) -> AsyncIterator[Finding]:
    """The mail server takes sender and recipient of a mail, which is then taken back (RSET): nothing is sent."""
    yield await _conversation(patient.mail, recipient=patient.mail.sender.email, content=None)


def sending(recipient: str) -> Callable[[Patient], AsyncIterator[Finding]]:
    """Return a check that sends one mail, for real."""

    async def mail_sent(patient: Patient) -> AsyncIterator[Finding]:
        settings = patient.mail
        yield await _conversation(settings, recipient=recipient, content=_test_mail(settings, recipient))

    return mail_sent


def _test_mail(settings: NotificationSettings, recipient: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = settings.sender.email, recipient
    message["Subject"] = "rencontres doctor"
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=settings.mail_host)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("The mail server of this site took this mail from rencontres doctor. There is nothing to do.\n")
    return message


async def _conversation(settings: NotificationSettings, *, recipient: str, content: EmailMessage | None) -> Finding:
    server = Server.parse(settings.smtp_url, greet_as=settings.mail_host)
    place, sender = f"{server.host}:{server.port}", settings.sender.email
    client = SMTP(
        hostname=server.host,
        port=server.port,
        username=server.username,
        password=server.password,
        use_tls=server.tls,
        start_tls=server.starttls,
        local_hostname=server.greet_as,
        timeout=TIMEOUT,
    )
    try:
        await client.connect()
        await client.ehlo()
        await client.mail(sender)
        await client.rcpt(recipient)
        await client.rset()
        if content is not None:
            await client.send_message(content, sender=sender, recipients=[recipient])
        await client.quit()
    except (SMTPException, OSError, TimeoutError, ValueError) as failure:
        return _trouble(failure, place=place, starttls=bool(server.starttls))
    finally:
        client.close()
    return well(f"{place} took a mail to {recipient}" if content else f"{place} takes mail from {sender}")


def _trouble(failure: Exception, *, place: str, starttls: bool) -> Finding:
    meaning = "mails wait, 48 hours at most; none is lost until then"
    code = getattr(failure, "code", None)
    match failure:
        case SMTPAuthenticationError():
            return error(
                f"the mail server at {place} does not take user and password (smtp-{code})",
                meaning=meaning,
                mend="check user and password in RENCONTRES_SMTP_URL; write characters such as @ and : as %40 and %3A",
            )
        case SMTPSenderRefused():
            return error(
                f"the mail server at {place} refuses the sender (smtp-{code})",
                meaning=meaning,
                mend="set RENCONTRES_MAIL_FROM to an address that this server may send for",
            )
        case SMTPRecipientRefused():
            return error(
                f"the mail server at {place} refuses the recipient (smtp-{code})",
                meaning="it may not relay for us; mails that it refuses so are given up",
                mend="let the server relay for this machine, or give user and password in RENCONTRES_SMTP_URL",
            )
        case SMTPException() if starttls and "STARTTLS" in str(failure).upper():
            return error(
                f"the mail server at {place} offers no STARTTLS, which RENCONTRES_SMTP_URL requires",
                meaning=meaning,
                mend="use its port with TLS (smtps://…:465), or another server",
            )
        case _:
            return error(
                f"no mail server answers at {place} ({describe(failure)}{f' {code}' if code else ''})",
                meaning=meaning,
                mend="start it, open the way to it, or set RENCONTRES_SMTP_URL to where it is",
            )
