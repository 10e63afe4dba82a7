/** A content token that may be stored: judged offline first, then by the service (Apple 1.5). What is refused was sent nowhere else. */
import type { TokenApi, TokenCheck } from '../client/token-api.ts'
import { instantOf } from '../model/date-time-offset.ts'
import { Failure } from '../model/failure.ts'
import { tokenName } from '../model/token-name.ts'
import { offlineProblem, readContentTokenFile } from './content-token-file.ts'
import { remark } from './output.ts'
import { shellWord } from './shell-word.ts'

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
  { file, renews }: { readonly file: string; readonly renews?: string },
): Promise<TokenCheck> {
  const check = await api.check(text, renews)
  const message = check.message ?? 'The service refuses this content token.'
  if (!check.ok) throw refused(check.class ?? 'refused', message, await wayOut(api, check, file))
  if (check.message !== null && check.class !== olderClass)
    remark(`${check.message} (${check.class})`)
  return check
}

/** The command that the service means by its "Renew"; it does not know that a command asks. */
async function wayOut(api: TokenApi, check: TokenCheck, file: string): Promise<string> {
  const { class: failureClass, location, message } = check
  if (failureClass !== twinClass || location === null) return ''
  const twins = (await api.list()).filter(({ locationId }) => locationId === location.id)
  const named = twins.find((twin) => message?.includes(`"${tokenName(twin)}"`)) ?? twins[0]
  return named === undefined ? '' : ` Do it with: pomona token renew ${named.id} ${shellWord(file)}`
}

/** The location has a token already. */
const twinClass = 'F13'

/** A renewal that expires before the stored token does: allowed, but only to somebody who says so. */
export const olderClass = 'F15'

export function refused(failureClass: string, message: string, wayOut = ''): Failure {
  const outcome = message.endsWith('Nothing was changed.') ? '' : ' Nothing was stored.'
  return new Failure('misconfigured', `${message}${outcome}${wayOut} (${failureClass})`)
}
