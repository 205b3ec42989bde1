# Builds the service and nothing else; runs as nobody in particular.
FROM python:3.11-slim AS build
WORKDIR /build
COPY requirements-setup.lock requirements-dev.lock requirements.lock ./
RUN python -m venv /venv \
 && python -m venv /tools \
 && /tools/bin/pip install --no-cache-dir --require-hashes -r requirements-setup.lock \
 && /tools/bin/uv pip install --no-cache --python /tools/bin/python --require-hashes -r requirements-dev.lock \
 && /tools/bin/uv pip install --no-cache --compile-bytecode --python /venv/bin/python --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY app app
COPY schema schema
COPY resolvers resolvers
COPY migrations migrations
RUN /tools/bin/python -m hatchling build -t wheel -d /wheels \
 && /tools/bin/uv pip install --no-cache --compile-bytecode --python /venv/bin/python --no-deps /wheels/*.whl

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home allround
COPY --from=build /venv /venv
USER 10001
WORKDIR /home/allround
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 ALLROUND_ENVIRONMENT=production
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=2)"]
ENTRYPOINT ["allround"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
