set -e
/usr/bin/python3 -m venv v && . v/bin/activate && python -c 'import sys; print(sys.prefix != sys.base_prefix)' && pip --version | cut -d' ' -f1 && pip list --disable-pip-version-check 2>/dev/null | head -3
