# “make help” lists what there is. Plain Go commands work as well: the program
# needs nothing but Go; only the tests in e2e/ need Node, Chromium and Java.

ADDR     ?= 127.0.0.1:8080
FUZZTIME ?= 10s
STEPS    ?= 2000
SEED     ?= 1
LINTER   := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.DEFAULT_GOAL := help
.PHONY: help site serve test test-go test-e2e lint fuzz proof quality bench bench-search update screenshots admin-update clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

site: ## build public/ from content/ and say how to look at it
	@.ci/setup.sh go
	@go run . build
	@echo 'Look at it:  go run . serve --dir public --addr $(ADDR)   (or: make serve)'

serve: site ## build public/ and serve it with its search on ADDR (127.0.0.1:8080)
	@go run . serve --dir public --addr $(ADDR)

test: ## run all tests: Go and browser; sets up what they need
	@.ci/test.sh

test-go: ## run the Go tests only
	@.ci/setup.sh go
	go vet ./...
	go test ./...

test-e2e: ## run the browser tests only
	@.ci/test.sh e2e

lint: ## check format, go vet and golangci-lint (.golangci.yml)
	@.ci/lint.sh
	go run $(LINTER) run ./...

fuzz: ## run every fuzz test for FUZZTIME (10s)
	@.ci/fuzz.sh $(FUZZTIME)

proof: ## prove on sites edited at random that builds which keep what they can are right (STEPS=2000, SEED=1)
	@.ci/setup.sh go
	go test ./generator -run '^TestProof$$' -count=1 -timeout 0 -v -proof.steps $(STEPS) -proof.seed $(SEED)

# All three take CORPUS=/folder/of/laws (otherwise ../shared/corpus), SIZE=small|full
# and KEEP=/folder for what they make; their scripts know more.
quality: ## score both search engines on judged queries (QUERIES=file, SIZE=full)
	@.ci/measure.sh quality

bench: ## measure building against Hugo and Pagefind (SIZE=small, RUNS=3, PART=build,edit,preview,scale)
	@.ci/measure.sh speed

bench-search: ## measure the search against Pagefind's (SIZE=small, RUNS=3)
	@.ci/measure.sh search

update: ## write the golden files anew; look at the diff before you commit
	@grep -rlE 'flag\.Bool\("update"' --include='*_test.go' . | xargs -n 1 dirname | sort -u | xargs -I {} go test {} -update

screenshots: ## take the pictures of README and handbook anew (docs/bilder/)
	@.ci/setup.sh
	@node e2e/screenshots.mjs docs/bilder

admin-update: ## pack the forms' Sveltia CMS anew (its version: e2e/package.json, then npm install in e2e/)
	@.ci/setup.sh
	go generate ./generator/admin

clean: ## remove everything that was generated
	rm -rf public .portal portal e2e/results e2e/node_modules e2e/bench/node_modules
