/** Whether a row of a user stands for somebody who can hold licences: at most one of a clientUserId does (Apple 2.6). */
import type { AppleUser } from '../../model/apple-rows.ts'

export function isLiveUser({ status }: Pick<AppleUser, 'status'>): boolean {
  return status !== 'Retired' && status !== 'Deleted'
}
