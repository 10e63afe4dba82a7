import { setImmediate } from 'node:timers'

/** A stretch in which only microtasks run, and its end: what has not settled by then waits for something from outside. */
export interface WatchedTurn {
  readonly isOver: boolean
  readonly end: Promise<void>
}

/** Resolves when the stretch begins: two callbacks that are queued together run with nothing but microtasks between them. */
export async function watchedTurn(): Promise<WatchedTurn> {
  const begin = nextImmediate()
  let isOver = false
  const end = nextImmediate().then(() => {
    isOver = true
  })
  await begin
  return {
    get isOver() {
      return isOver
    },
    end,
  }
}

function nextImmediate(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
