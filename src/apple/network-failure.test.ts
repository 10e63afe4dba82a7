import { describe, expect, it } from 'vitest'
import { networkFailure, timedOut } from './network-failure.ts'

const failing = (code: string, syscall?: string) =>
  Object.assign(new Error('made up'), { code, ...(syscall !== undefined && { syscall }) })

describe('a call without an answer', () => {
  it.each([
    ['a refused connection', failing('ECONNREFUSED', 'connect')],
    ['a connection that is not made in time', failing('ETIMEDOUT', 'connect')],
    ['a host without a name', failing('ENOTFOUND', 'getaddrinfo')],
    ['a connection that the library gave up', failing('UND_ERR_CONNECT_TIMEOUT')],
    [
      'all addresses tried in vain',
      new AggregateError([failing('ECONNREFUSED', 'connect'), failing('ENETUNREACH', 'connect')]),
    ],
    ['a proxy that refuses the tunnel', failing('UND_ERR_ABORTED')],
    ['a proxy that cuts the tunnel', failing('UND_ERR_PRX_CONN')],
    ['a certificate that is not trusted', failing('DEPTH_ZERO_SELF_SIGNED_CERT')],
    ['a request that cannot be sent', failing('UND_ERR_INVALID_ARG')],
  ])('was never taken after %s', (_, error) => {
    expect(networkFailure(error, 'apple.example').isNotTaken).toBe(true)
  })

  it.each([
    ['a cut connection', failing('UND_ERR_SOCKET')],
    ['a reset while reading', failing('ECONNRESET', 'read')],
    // The same codes as above, but of a connection that was there.
    ['silence of an open connection', failing('ETIMEDOUT', 'read')],
    ['an open connection whose way is gone', failing('EHOSTUNREACH', 'write')],
    [
      'one address of several that was reached',
      new AggregateError([failing('ECONNREFUSED', 'connect'), failing('ECONNRESET', 'read')]),
    ],
    ['no address at all', new AggregateError([])],
    ['an error without a code', new Error('made up')],
    ['something else', 'made up'],
  ])('may have been taken after %s', (_, error) => {
    expect(networkFailure(error, 'apple.example').isNotTaken).toBeUndefined()
  })

  it('may have been taken when it took too long', () => {
    expect(timedOut(60_000, 'apple.example').isNotTaken).toBeUndefined()
  })
})
