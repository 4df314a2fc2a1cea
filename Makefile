# `make` lists what there is. Everything in .env.example may stand in front: PORT=8010 make run

.DEFAULT_GOAL = help
.PHONY: help run test test-sqlite coverage test-mariadb test-browser check check-style \
	check-lint check-format check-templates check-spelling check-types check-layers check-migrations \
	check-deploy format lock translations servers house bench clean \
	environment test-environment test-packages

python = .venv/bin/python
# Two test processes a part: while one waits for its database, the other works.
WORKERS = 2
suite = -m pytest -n $(WORKERS) --dist worksteal
pytest = $(python) $(suite)
servers = $(python) tools/private_servers.py
# The demo on SQLite, whatever the shell or .env says.
plain = env DATABASE_URL=sqlite://:memory: REDIS_URL= SECRET_KEY= DEMO=on DEBUG=off

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

run: environment ## open the box office: web, stand-in, housekeeping (PORT=8000)
	@exec $(python) manage.py run

test: test-packages test-environment ## everything below that starts with test, and check
	@exec $(python) tools/run_tests.py

test-sqlite: test-environment ## the suite on SQLite; ARGS="-k holding" chooses, here and below
	@$(plain) $(pytest) -p no:playwright $(ARGS)

coverage: test-environment ## all of the suite on SQLite, and the branches that no test takes
	@$(python) -m coverage erase
	@$(plain) $(python) -m coverage run $(suite) -p no:playwright $(ARGS)
	@$(python) -m coverage combine --quiet
	@$(python) -m coverage report

test-mariadb: test-packages test-environment ## the suite on a private MariaDB and Redis
	@$(servers) -- $(pytest) -p no:playwright $(ARGS)

test-browser: test-packages test-environment ## the pages in Chromium
	@$(plain) $(pytest) -m "browser and not long" $(ARGS)

check: test-environment ## style, types, layers, migrations, deployment
	@$(MAKE) --no-print-directory --keep-going \
		check-style check-types check-layers check-migrations check-deploy

check-style: check-lint check-format check-templates check-spelling

check-lint: test-environment
	@$(python) -m ruff check .

check-format: test-environment
	@$(python) -m ruff format --check .

check-templates: test-environment
	@$(python) -m djlint --lint --quiet .

check-spelling: test-environment
	@$(python) -m codespell_lib

check-types: test-environment
	@$(plain) $(python) -m mypy

check-layers: test-environment
	@$(plain) .venv/bin/lint-imports --no-cache --no-logo

check-migrations: test-environment
	@$(plain) $(python) manage.py makemigrations --check --dry-run

# As in production: own secret, own domain, Stripe's test keys.
check-deploy: test-environment
	@$(plain) DEBUG=off DEMO=off SITE_URL=https://cinema.example ALLOWED_HOSTS=cinema.example \
		SECRET_KEY=checked-7b3f5c1e9a2d4860b7c1f0e5d39a6824c8e1b05f7d2a4936 \
		STRIPE_API_BASE= STRIPE_SECRET_KEY=sk_test_checked STRIPE_PUBLISHABLE_KEY=pk_test_checked \
		STRIPE_WEBHOOK_SECRET=whsec_checked \
		$(python) manage.py check --deploy --fail-level WARNING

format: test-environment ## put the code into shape
	@$(python) -m ruff check --fix --quiet . ; $(python) -m ruff format .

lock: test-environment ## write the lock files anew from requirements*.in; ARGS=--upgrade
	@tools/lock.sh $(ARGS)

translations: environment ## find what is to be translated, compile what is
	@$(plain) $(python) manage.py translations

servers: test-packages test-environment ## a private MariaDB and Redis until Ctrl-C
	@exec $(servers)

house: test-environment ## how the product's code is laid out: files, modules, bodies
	@$(python) tools/house.py $(ARGS)

bench: test-packages test-environment ## every figure of docs/performance.md (ARGS=long, profile, files, --help)
	@exec $(python) -m benchmarks $(ARGS)

clean: ## remove environment, demo data and caches
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@tools/environment.sh run

test-environment:
	@tools/environment.sh dev

test-packages:
	@tools/test_packages.sh
