// Imported first by everything a person starts: an old Node must get this sentence, not a stack trace.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 3)) {
  console.error(`Perennial needs Node 20.3 or newer; this is ${process.version}.`);
  process.exit(1);
}
