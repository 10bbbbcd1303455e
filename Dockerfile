# syntax=docker/dockerfile:1
# The service with its model prepared and the bundled corpus's index built: it starts without a network.
# See docs/deploy.md. Give the build an index of PyTorch's CPU wheels with --build-arg TORCH_INDEX=…: without it, pip takes the default
# wheel, which brings CUDA along on Linux.

FROM python:3.11-slim AS build
ARG TORCH_INDEX=""
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /src
# What changes seldom comes first, so that a change of the code does not install torch anew.
COPY requirements.txt ./
RUN if [ -n "$TORCH_INDEX" ]; then pip install --index-url "$TORCH_INDEX" "$(grep -E '^torch==' requirements.txt)"; fi \
 && pip install -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY rag rag
COPY api api
COPY evals evals
COPY suanlian suanlian
COPY corpus corpus
RUN pip install -c requirements.txt '.[otel]'

FROM python:3.11-slim
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /data suanlian \
 && install -d -o suanlian -g suanlian /data /opt/models
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HUB_OFFLINE=1 \
    RAG_HOST=0.0.0.0 \
    RAG_PORT=8000 \
    RAG_INDEX=/data/index \
    RAG_MODEL_DIR=/opt/models
USER suanlian
WORKDIR /data
# The model is part of the image. So is the index of the bundled corpus, which a new named volume on /data begins with; a folder that is
# mounted there empty gets it at the first start.
RUN suanlian build
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --start-interval=2s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['RAG_PORT']}/readyz\", timeout=4)"]
# It listens beyond the container, so it needs RAG_API_KEYS, and says so where there are none.
ENTRYPOINT ["suanlian"]
CMD ["serve"]
