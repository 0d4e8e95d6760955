# The Makefile of the SDK: packages fail one by one, as IGNORE_ERRORS asks for.
ARCH := $(shell cat arch)
OUT := bin/packages/$(ARCH)/base

defconfig:
	@echo $@
package/compile:
	rm -rf bin logs && mkdir -p $(OUT) logs/package
	for p in package/*/; do n=$$(basename $$p); mkdir -p logs/package/feeds/base/$$n; \
	  if sh $$p/build $(ARCH) > $(OUT)/$${n}_1_$(ARCH).ipk 2> logs/package/feeds/base/$$n/compile.txt; then :; else \
	    rm $(OUT)/$${n}_1_$(ARCH).ipk; echo "    ERROR: package/feeds/base/$$n failed to build." >> logs/package/error.txt; fi; done
package/index:
	cd $(OUT) && for f in *.ipk; do printf 'Package: %s\nFilename: %s\nSHA256sum: %s\n\n' $${f%%_*} $$f $$(sha256sum < $$f | cut -c-64); done > Packages

.PHONY: defconfig package/compile package/index
