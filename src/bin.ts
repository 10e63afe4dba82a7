#!/usr/bin/env node
// Says so in one line when Node is too old, before anything newer than that Node is loaded.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 14)) {
  process.stderr.write(
    `pomona: this is Node ${process.versions.node}, but Pomona needs Node 22.14 or newer. Start it with a newer one.\n`,
  )
  process.exitCode = 2
} else {
  const { keepHeapSmall } = await import('./compose/small-heap.ts')
  keepHeapSmall()
  const { runProgram } = await import('./cli/program.ts')
  process.exitCode = await runProgram(process.argv)
}
