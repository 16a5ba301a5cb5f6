# 双拥通 · `make help` 列出全部命令
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev browser demo check format test fuzz screenshots bench pins clean

help: ## 显示这份说明
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1	/' | expand -t 22

$(VENV)/.runtime: requirements.txt tools/make-venv.sh
	@sh tools/make-venv.sh "$(PYTHON)" $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.runtime
	@$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

setup: $(VENV)/.runtime ## 准备运行环境（.venv）

setup-dev: $(VENV)/.development ## 准备开发和测试环境

browser: $(VENV)/.development ## 准备浏览器测试用的 Chromium 和中文字体
	@PYTHON=$(RUN) sh tests/support/install-browser.sh

demo: $(VENV)/.runtime ## 启动演示：机器人 + 企业微信模拟器 + 聊天页，Ctrl-C 结束
	@$(RUN) -m simulator demo

check: $(VENV)/.development ## 格式、规范、类型、分层检查
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.development ## 整理代码格式
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: $(VENV)/.development browser ## 运行全部测试（自带 PostgreSQL 和浏览器）
	@sh tests/support/install-network.sh
	$(BIN)/pytest -n auto --dist loadgroup

fuzz: $(VENV)/.development ## 长时间乱试回调接口和数据复制（约半小时，每次都不同）
	HYPOTHESIS_PROFILE=long $(BIN)/pytest -q tests/web/test_fuzz.py tests/web/test_fuzz_sealed.py tests/storage/test_copy.py tests/unit/test_log.py

screenshots: $(VENV)/.development browser ## 重拍文档里的聊天页截图
	BOT_TEST_SCREENSHOTS=docs/images $(BIN)/pytest -q tests/browser -k screenshot

# Each file of bench/requirements has an environment of its own. One that cannot be made is no
# reason to stop: the table then says that its peers are missing.
BENCH_VENVS := $(patsubst bench/requirements/%.txt,.venv-bench/%/.installed,$(wildcard bench/requirements/*.txt))

.venv-bench/%/.installed: bench/requirements/%.txt tools/make-venv.sh
	-@sh tools/make-venv.sh "$(PYTHON)" .venv-bench/$* \
		&& .venv-bench/$*/bin/python -m pip install --quiet --disable-pip-version-check -r $< \
		&& touch $@

bench: $(VENV)/.development $(BENCH_VENVS) ## 性能对比，结果写入 docs/benchmarks.md；只测一部分：make bench SECTIONS=callbacks
	$(RUN) -m bench $(SECTIONS)

pins: $(VENV)/.development ## 重新锁定依赖版本
	$(BIN)/uv pip compile --quiet --no-emit-index-url --no-header --universal --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --no-emit-index-url --no-header --universal --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	for peers in bench/requirements/*.in; do \
		$(BIN)/uv pip compile --quiet --no-emit-index-url --no-header --universal --python-version 3.11 $$peers -o $${peers%.in}.txt || exit 1; \
	done

clean: ## 删除演示数据和缓存（不删 .venv）
	rm -rf var/demo .mypy_cache .ruff_cache .import_linter_cache .hypothesis
