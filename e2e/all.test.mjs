// All tests, in one process: they share four built sites and one browser
// (lib/world.mjs). “make test-e2e” makes ready what they need and runs them.

import { after } from 'node:test';

import { close } from './lib/world.mjs';
import './tests/nu.test.mjs';
import './tests/links.test.mjs';
import './tests/machine.test.mjs';
import './tests/sweep.test.mjs';
import './tests/axe.test.mjs';
import './tests/reading.test.mjs';
import './tests/follow.test.mjs';
import './tests/positions.test.mjs';
import './tests/network.test.mjs';
import './tests/large.test.mjs';
import './tests/funding.test.mjs';
import './tests/search.test.mjs';
import './tests/served.test.mjs';
import './tests/embed.test.mjs';
import './tests/mapping.test.mjs';
import './tests/views.test.mjs';
import './tests/coverage.test.mjs';
import './tests/preview.test.mjs';
import './tests/vscode.test.mjs';
import './tests/admin.test.mjs';
import './tests/way.test.mjs';
import './tests/dialog.test.mjs';
import './tests/betrieb.test.mjs';
import './engine/engine.test.mjs';
import './engine/ranges.test.mjs';

after(close);
