/** A piece of the driver's source that stands there once, and what to put in its place. */
export type Mend = { found: string; put: string };

/**
 * postgres.js 3.4.9 uses a connection object again for session after session, and takes what one session left over
 * into the next. `docs/gotchas.md` says what comes of it. Goes when the driver has it: porsager/postgres#1209, #1215.
 */
export const mendConnection: readonly Mend[] = [
  // Nothing is written where there is no session: the driver's own rollback after a loss ends the process otherwise.
  {
    found: "if (q.cancelled)\n      return\n\n    try {",
    put: `if (socket === null) {
      queryError(q, Errors.connection('CONNECTION_CLOSED', options))
      return true
    }

    if (q.cancelled)
      return

    try {`,
  },
  {
    found: "const x = socket.write(chunk, fn)",
    put: `if (socket === null) {
      chunk = nextWriteTimer = null
      return false
    }
    const x = socket.write(chunk, fn)`,
  },
  // Bytes of the old session would go before the greeting of the new one, and wait for a timer that was cancelled.
  {
    found: "clearImmediate(nextWriteTimer)\n    socket.removeListener('data', data)",
    put: "clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n    socket.removeListener('data', data)",
  },
  // After a reset too, whatever was sent has no answer to wait for; and no query of the old session gets one of the new.
  {
    found: `if (initial)
      return reconnect()

    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))
`,
    put: `if (!initial && (query || sent.length))
      error(Errors.connection('CONNECTION_CLOSED', options, socket))
    query = results = errorResponse = final = null
    result = new Result()
    rows = 0

    if (initial)
      return reconnect()

`,
  },
  // No other query is sent behind a COPY before its rows are: the server takes it for one of them and ends the session.
  {
    found: "&& !q.cursorFn\n        && sent.length < max_pipeline",
    put: "&& !q.cursorFn\n        && !q.isCopy\n        && sent.length < max_pipeline",
  },
  // A stream for each COPY would be a message, a copy of the rows and a turn of waiting more: see `copyInTurn`.
  {
    found: "function CopyInResponse() {\n",
    put: `function CopyInResponse() {
    if (query.feed)
      return query.feed(x => socket.write(x))
`,
  },
  // The driver's own first query; its failure has rejected the query that waits for it.
  { found: "return fetchArrayTypes()", put: "return fetchArrayTypes().catch(noop)" },
];

/** Each session plans a statement anew and warms caches of its own: the one that was used last has both. */
export const mendQueue: readonly Mend[] = [
  {
    found: "    shift: () => {\n",
    put: `    pop: () => {
      const out = xs.pop()
      if (index === xs.length) {
        index = 0
        xs = []
      }
      return out
    },
    shift: () => {
`,
  },
];

export const mendPool: readonly Mend[] = [
  { found: "return go(open.shift(), query)", put: "return go(open.pop(), query)" },
  { found: "export default Postgres\n", put: "export default Object.assign(Postgres, { isMended: true })\n" },
  // A transaction whose session is lost goes no further: its connection may be in the midst of another one by now.
  { found: "      , prepare = null\n", put: "      , prepare = null\n      , lost = null\n" },
  {
    found: "new Promise((_, reject) => connection.onclose = reject)",
    put: `new Promise((_, reject) => connection.onclose = error => {
          lost = error
          while (queries.length)
            queries.shift().reject(error)
          reject(error)
        })`,
  },
  {
    found: "q.catch(e => uncaughtError || (uncaughtError = e))\n",
    put: "q.catch(e => uncaughtError || (uncaughtError = e))\n        if (lost)\n          return q.reject(lost)\n",
  },
  // The same for a reserved connection; and a wish for one is neither forgotten nor granted twice.
  {
    found: "const query = { reserve: resolve, reject }\n",
    put: "const query = { reserve: resolve, reject: error => (queries.remove(query), reject(error)) }\n",
  },
  {
    found: "queries.length && connect(c, queries.shift())",
    put: `if (!queries.length)
      return
    const next = queries.shift()
    next.reserve && queries.push(next)
    connect(c, next)`,
  },
  {
    found: "c.reserved.release = true\n",
    put: `c.reserved.release = true
    let lost = null
    c.onclose = error => {
      lost = error
      while (queue.length)
        queue.shift().reject(error)
    }
`,
  },
  {
    found: "sql.release = () => {\n",
    put: "sql.release = () => {\n      if (lost)\n        return\n      c.onclose = null\n",
  },
  {
    found: "return sql\n\n    function handler(q) {\n      c.queue === full",
    put: "return sql\n\n    function handler(q) {\n      if (lost)\n        return q.reject(lost)\n      c.queue === full",
  },
];
