import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{src,simulator,local-tls,test,tools}/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Of two cores one would be kept free otherwise, though the tests of whole programs wait for most of their time.
    maxWorkers: '100%',
  },
})
