import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownPaths } from '../src/known-paths.ts';

test('a path is known by its pattern, whatever the method', () => {
  const paths = knownPaths();
  paths.add('/api/v1/requests/:request_id', ['GET']);
  paths.add('/admin/v1/keys/:id', ['DELETE']);
  paths.add('/docs/guides/errors.md', ['GET']);
  paths.add('/admin/v1/workspaces', ['GET']);
  paths.add('/admin/v1/workspaces', ['POST']);
  assert.deepEqual(paths.methodsOf('/api/v1/requests/req_1?x=1'), ['GET']);
  assert.deepEqual(paths.methodsOf('/admin/v1/workspaces'), ['GET', 'POST']);
  assert.deepEqual(paths.methodsOf('/api/v1/requests/a/b'), []);
  assert.deepEqual(paths.methodsOf('/docs/guides/errorsxmd'), []);
  assert.deepEqual(paths.methodsOf('/'), []);
});
