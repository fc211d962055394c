# Everything a newcomer needs is here; CONTRIBUTING lies in the README.

GO ?= go

.PHONY: build mathjax release vsix example test vet bench generate fuzz clean

# Without MathJax (see the next target) the program works, and reports only what its tables know for certain.
build:
	$(GO) build -o bin/scholium ./cmd/scholium

# MathJax itself, bundled from npm for the next build. Needs Node and npm.
mathjax: workspace/judge/bundles/v4-draw.js.gz
workspace/judge/bundles/v4-draw.js.gz: workspace/judge/js/package-lock.json $(wildcard workspace/judge/js/*.js workspace/judge/js/*.mjs)
	cd workspace/judge/js && npm ci --silent && node build.mjs

# What is published, in dist/: for each of six systems an archive and an extension for VS Code, the extension without a
# program, and their checksums. VERSION is what git describe says.
release: workspace/judge/bundles/v4-draw.js.gz workspace/judge/js/contents.json editors/vscode/node_modules/.package-lock.json
	rm -rf dist
	$(GO) run ./cmd/release $(if $(VERSION),-version $(VERSION)) $(if $(TARGETS),-targets $(TARGETS))
workspace/judge/js/contents.json: workspace/judge/js/package-lock.json workspace/judge/js/build.mjs
	cd workspace/judge/js && npm ci --silent && node build.mjs

# The extension for VS Code with the program inside, one for each platform. Needs Node and npm.
vsix: mathjax editors/vscode/node_modules/.package-lock.json
	cd editors/vscode && npm run --silent package:platforms
editors/vscode/node_modules/.package-lock.json: editors/vscode/package-lock.json
	cd editors/vscode && npm ci --silent && touch node_modules/.package-lock.json

# Proofreads the example site. It has one page of mistakes, which are found: that is success here.
example:
	@$(GO) run ./cmd/scholium check testdata/sites/example; test $$? -eq 1

test:
	$(GO) test ./...

vet:
	test -z "$$(gofmt -l .)"
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

bench:
	$(GO) test -run xxx -bench . -benchtime 2s ./...

# The tables of what MathJax knows, from its npm packages.
generate:
	cd analysis/tex/gen && npm ci && npm run generate

# Each fuzz target for a short while.
FUZZTIME ?= 10s
fuzz:
	.ci/fuzz $(FUZZTIME)

clean:
	rm -rf bin dist
