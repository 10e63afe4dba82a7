/** What an intent says while it waits: of use until it goes on, and not kept once it has ended. */
import type { Instant } from '../../model/date-time-offset.ts'

const forApple = 'wait for Apple.'
const forSync = 'It waits for a sync'
const unasked = 'Apple could not be asked'

export function waitsForApple(open: number, total: number): string {
  return `${open} of ${total} ${forApple}`
}

export const waitsForSync = `${forSync}, so that it is planned on what Apple has now.`

export function couldNotAsk(detail: string, wakeAt: Instant): string {
  return `${unasked} (${detail}). Next attempt ${wakeAt}.`
}

export function tellsOfWaiting(message: string): boolean {
  return message.endsWith(forApple) || message.startsWith(forSync) || message.startsWith(unasked)
}
