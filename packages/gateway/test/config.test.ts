import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, readConfig, SETTINGS } from '../src/config.ts';

test('an empty environment gives the defaults', () => {
  const config = readConfig({});
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 8080);
  assert.equal(config.originUrl, 'https://www.amazon.{domain}');
  assert.equal(config.databaseUrl, null);
  assert.equal(config.upstreamTimeoutMs, 45_000);
});

test('an empty variable counts as unset', () => {
  assert.deepEqual(readConfig({ ASA_PORT: '', ASA_PUBLIC_URL: '', DATABASE_URL: '' }), readConfig({}));
});

test('all problems are reported together, each with its variable and value, secrets hidden', () => {
  const wrong = {
    ASA_PORT: '80 80',
    ASA_LOG_LEVEL: 'loud',
    ASA_ORIGIN_URL: 'https://x.example',
    ASA_ADMIN_TOKEN: 'short',
    ASA_TRUST_PROXY: 'yes',
    DATABASE_URL: 'mysql://u:p@h/d',
    ASA_RETENTION_DAYS: '3',
  };
  assert.throws(
    () => readConfig(wrong),
    (error: unknown) => {
      assert.ok(error instanceof ConfigError);
      assert.equal(error.problems.length, Object.keys(wrong).length);
      const text = error.problems.join('\n');
      for (const name of Object.keys(wrong)) assert.ok(text.includes(name), name);
      assert.ok(text.includes('"80 80"') && !text.includes('short') && !text.includes('u:p'));
      return true;
    },
  );
});

test('every setting has its own variable and a description', () => {
  const names = Object.values(SETTINGS).map((row) => row.env);
  assert.equal(new Set(names).size, names.length);
  for (const row of Object.values(SETTINGS)) assert.ok(row.about.endsWith('.') && row.shown.length > 0, row.env);
});

test('a trailing slash of a URL is dropped', () => {
  assert.equal(readConfig({ ASA_PUBLIC_URL: 'https://api.example/' }).publicUrl, 'https://api.example');
  assert.equal(
    readConfig({ ASA_ORIGIN_URL: 'http://127.0.0.1:9100/{domain}/' }).originUrl,
    'http://127.0.0.1:9100/{domain}',
  );
});

test('the defaults that the documents show are the defaults that hold', () => {
  const config = readConfig({});
  for (const [key, { shown, env }] of Object.entries(SETTINGS)) {
    if (!/[(<]/.test(shown)) assert.equal(String(config[key as keyof typeof config]), shown, env);
  }
});
