/** A content token that may be stored: judged offline first, then by the service (Apple 1.5). What is refused was sent nowhere else. */
import type { TokenApi, TokenCheck } from '../client/token-api.ts'
import { instantOf } from '../model/date-time-offset.ts'
import { Failure } from '../model/failure.ts'
import { offlineProblem, readContentTokenFile } from './content-token-file.ts'
import { remark } from './output.ts'

/** The text of the file. Failure `misconfigured` for F01 to F07. */
export async function readSoundFile(file: string): Promise<string> {
  const text = await readContentTokenFile(file)
  const problem = offlineProblem(text, instantOf(new Date()))
  if (problem) throw refused(problem.class, problem.message)
  return text
}

/** What the service knows of it. Failure `misconfigured` for F01 to F14 and F17; what it can be stored with is said aside. */
export async function checkWithService(
  api: TokenApi,
  text: string,
  renews?: string,
): Promise<TokenCheck> {
  const check = await api.check(text, renews)
  const message = check.message ?? 'The service refuses this content token.'
  if (!check.ok) throw refused(check.class ?? 'refused', message)
  if (check.message !== null && check.class !== olderClass)
    remark(`${check.message} (${check.class})`)
  return check
}

/** A renewal that expires before the stored token does: allowed, but only to somebody who says so. */
export const olderClass = 'F15'

export function refused(failureClass: string, message: string): Failure {
  const outcome = message.endsWith('Nothing was changed.') ? '' : ' Nothing was stored.'
  return new Failure('misconfigured', `${message}${outcome} (${failureClass})`)
}
