// All tests, in one process: they share three built sites and one browser
// (lib/world.mjs). Run it with “make test-e2e”.

import './tests/nu.test.mjs';
import './tests/links.test.mjs';
import './tests/sweep.test.mjs';
import './tests/axe.test.mjs';
