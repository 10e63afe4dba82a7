/**
 * One life of a service that can end at any moment, as by `kill -9`: at its n-th use of the database or the network. From then
 * on nothing that it had begun comes back, so nothing of it goes on; a transaction under way is undone, a request on its way
 * reaches Apple and its answer nobody.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Dispatcher } from 'undici'
import type { Clock } from '../../src/model/clock.ts'
import type { Storage } from '../../src/ports/storage.ts'

export interface Life {
  /** Resolves when it is over. */
  readonly end: Promise<void>
  readonly isOver: boolean
  /** It is over at that many uses from now. */
  endAfter(uses: number): void
  /** Resolves when no request of it is on its way any more. True = Apple asked for a pause that nobody heard of. */
  settled(): Promise<boolean>
  clock(outside: Clock): Clock
  storage(outside: Storage): Storage
  dispatcher(outside: Dispatcher): Dispatcher
}

export function beginLife(): Life {
  const { promise: end, resolve } = Promise.withResolvers<void>()
  const over = new AbortController()
  let usesLeft = Number.POSITIVE_INFINITY
  let onTheirWay = 0
  let wasPauseMissed = false

  /** Whether it still lives after one more use. */
  function use(): boolean {
    usesLeft -= 1
    if (usesLeft > 0) return true
    over.abort()
    resolve()
    return false
  }

  /** What is asked of outside: it can end before, and before the answer arrives. */
  async function outside<T>(ask: () => Promise<T>): Promise<T> {
    if (!use()) return never()
    try {
      const answer = await ask()
      return use() ? answer : await never()
    } catch (error) {
      if (over.signal.aborted) return never()
      throw error
    }
  }

  /** Inside a unit of work it must fail, so that the database undoes it. */
  async function inside<T>(ask: () => Promise<T>): Promise<T> {
    if (!use()) throw new Error('killed')
    return ask()
  }

  return {
    end,
    get isOver() {
      return over.signal.aborted
    },
    endAfter(uses) {
      usesLeft = uses
      if (uses <= 0) use()
    },
    async settled() {
      while (onTheirWay > 0) await nextTurn()
      return wasPauseMissed
    },
    clock: ({ now, sleep }) => ({
      now,
      async sleep(ms, signal) {
        try {
          await sleep(ms, signal ? AbortSignal.any([signal, over.signal]) : over.signal)
        } catch (error) {
          if (over.signal.aborted) return never()
          throw error
        }
      },
    }),
    storage: (storage) => ({
      ...storage,
      forTenant(tenantId) {
        const { reads, transaction } = storage.forTenant(tenantId)
        return {
          reads: asking(reads, outside),
          transaction: (work) =>
            outside(() => transaction((stores) => work(asking(stores, inside)))),
        }
      },
      instance: {
        ...asking(storage.instance, outside),
        transaction: (work) =>
          outside(() => storage.instance.transaction((stores) => work(asking(stores, inside)))),
      },
    }),
    dispatcher: (dispatcher) =>
      dispatcher.compose((dispatch) => (options, handler) => {
        if (!use()) throw new Error('killed')
        let isPause = false
        onTheirWay += 1
        return dispatch(options, {
          onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
          onResponseStart(controller, status, headers, statusText) {
            isPause = headers['retry-after'] !== undefined
            handler.onResponseStart?.(controller, status, headers, statusText)
          },
          onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
          onResponseEnd(controller, trailers) {
            onTheirWay -= 1
            if (use()) return handler.onResponseEnd?.(controller, trailers)
            wasPauseMissed ||= isPause
            handler.onResponseError?.(controller, new Error('killed'))
          },
          onResponseError(controller, error) {
            onTheirWay -= 1
            wasPauseMissed ||= isPause
            handler.onResponseError?.(controller, error)
          },
        })
      }),
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined)
}

/** The same stores; each question of theirs is asked through `ask`. */
function asking<Stores extends object>(
  stores: Stores,
  ask: <T>(question: () => Promise<T>) => Promise<T>,
): Stores {
  return new Proxy(stores, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member === 'function')
        return (...given: unknown[]) => ask(() => Reflect.apply(member, target, given))
      return typeof member === 'object' && member !== null ? asking(member, ask) : member
    },
  })
}
