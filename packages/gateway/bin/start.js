// Plain JavaScript on purpose: an older Node must be able to read this file in order to say what is wrong.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `ASA needs Node.js 24 or newer, this is ${process.versions.node} (${process.execPath}). ` +
      'Start it with "npm start" after "npm ci", which brings its own Node, or install Node 24.',
  );
  process.exit(1);
}
await import('../src/main.ts');
