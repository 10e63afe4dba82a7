/** Says which server was meant, to whoever starts the program; never to a caller of the service, and never user or password. */
import { Failure } from '../../model/failure.ts'

/** The failure of an opening, with the address of the server in front. */
export function placed(error: unknown, url: string): unknown {
  if (!(error instanceof Failure)) return error
  const { hostname, port, pathname } = new URL(url)
  const server = `${hostname || 'localhost'}:${port || '5432'}${pathname}`
  const { cause, retryAfterSeconds } = error
  return new Failure(error.code, `PostgreSQL at ${server}: ${error.message}`, {
    cause,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  })
}
