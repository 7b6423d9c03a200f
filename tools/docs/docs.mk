# SPDX-License-Identifier: MIT
#
# The book: what of it is printed from the sources, and whether its links lead somewhere.

.PHONY: docs check-docs
docs: ## Print docs/rules.md, docs/system-calls.md, tables of docs/hypercalls.md, code of docs/porting.md anew
	$(Q)$(PYTHON) tools/docs/rule-book.py
	$(Q)$(PYTHON) tools/docs/system-calls.py
	$(Q)$(PYTHON) tools/docs/excerpts.py

check-docs: ## Are the printed parts of the book fresh, each rule used, and all links good?
	@$(call say,CHECK,docs)
	$(Q)$(PYTHON) tools/docs/rule-book.py --check
	$(Q)$(PYTHON) tools/docs/system-calls.py --check
	$(Q)$(PYTHON) tools/docs/excerpts.py --check
	$(Q)$(PYTHON) tools/checks/links.py
