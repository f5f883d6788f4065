FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/warmup
# With it Pillow joins and reorders the letters of names as their scripts ask.
RUN apt-get update && apt-get install -y --no-install-recommends libfribidi0 && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt \
    && useradd --system --uid 10001 warmup && mkdir data && chown warmup data
COPY pyproject.toml LICENSE ./
COPY bot bot
COPY adapters adapters
COPY questions questions
COPY scheduler scheduler
# The parsed copy of the bank, which a start would else make each time: the user below may not write it.
RUN python -c "from questions.bank import load_bank; load_bank()"
USER warmup
VOLUME /srv/warmup/data
EXPOSE 8080
STOPSIGNAL SIGTERM
CMD ["python", "-m", "bot", "run", "all"]
