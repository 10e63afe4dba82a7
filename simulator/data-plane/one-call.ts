import { type FaultAction, firingRule } from '../faults/fault.ts'
import { faultyAnswer } from '../faults/faulty-answer.ts'
import { closeEntry, openEntry, recordBody } from '../journal/record.ts'
import { settle } from '../world/going-on.ts'
import type { World } from '../world/world.ts'
import type { Answer } from './answer.ts'
import { countIn, countOut } from './arrival.ts'
import type { DataCall } from './call.ts'
import { answerCall } from './order-of-checks.ts'

/** An answer, and how much of it is to arrive. */
export interface Delivery {
  answer: Answer
  cut: FaultAction['cut']
}

/**
 * One data call from its arrival to its answer: counted in, met by faults, checked, journalled. `readBody` is asked
 * once, after the call is counted in. `worldUrl`: see OpenCall.
 */
export async function takeCall(
  world: World,
  worldUrl: string,
  request: Omit<DataCall, 'bodyText'>,
  readBody: () => Promise<string>,
): Promise<Delivery> {
  const call = { ...request, bodyText: '' }
  const arrival = countIn(world, worldUrl, call)
  const entry = openEntry(arrival)
  try {
    call.bodyText = await readBody()
    recordBody(entry, world, call.bodyText)
    settle(world)
    const { faults, settings, switches } = world.state
    const fault = firingRule(faults, { ...call, uId: arrival.token?.uId })
    const answer = fault
      ? await faultyAnswer(fault.action, { method: call.method, switches }, () =>
          answerCall(arrival),
        )
      : await answerCall(arrival)
    const delayMs = settings.latencyMs + (fault?.action.delayMs ?? 0)
    if (delayMs > 0) await world.time.sleep(delayMs)
    closeEntry(entry, world, answer, fault)
    return { answer, cut: fault?.action.cut ?? 'none' }
  } finally {
    countOut(arrival)
  }
}
