# Answers like Mailpit as far as compose.yaml and its test ask: SMTP, probes, the list of mails and one of them.
ARG PYTHON
FROM ${PYTHON}
COPY packages /opt/mail-catcher
COPY mail_catcher.py /opt/mail-catcher/mail_catcher.py
ENV PYTHONPATH=/opt/mail-catcher PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
EXPOSE 1025 8025
# Process 1 heeds no SIGTERM that it has not asked for.
STOPSIGNAL SIGINT
ENTRYPOINT ["python", "/opt/mail-catcher/mail_catcher.py"]
