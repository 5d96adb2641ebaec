import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRunning } from '#test/fixtures/is-running.ts'
import { runChild, type ChildRequest } from './run-child.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'run-child-'))
})
afterEach(() => rm(directory, { recursive: true }))

/** A shell in place of helm; `$PWD` is a directory of its own. */
const run = (script: string, more: Partial<ChildRequest> = {}) =>
  runChild({
    program: '/bin/sh',
    arguments: ['-c', script],
    environment: { PATH: '/usr/bin:/bin' },
    directory,
    limitMs: 600_000,
    outputBytes: 1_000,
    ...more,
  })

const written = (name: string) => readFile(join(directory, name), 'utf8')
const isRunningAs = async (name: string) => isRunning(Number(await written(name)))
/** Waits until the script has come to the point where it writes this file. */
const reached = (name: string) => expect.poll(() => existsSync(join(directory, name))).toBe(true)

describe('a child that ends by itself', () => {
  it.each([
    ['well', 'echo out; echo err >&2', 0],
    ['with a code', 'echo err >&2; exit 3', 3],
    ['killed by someone else', 'echo err >&2; kill -9 $$', null],
  ])('%s', async (_label, script, exitCode) => {
    const end = await run(script)
    expect(end).toMatchObject({ kind: 'exited', exitCode })
    expect(end.stderr.text()).toBe('err\n')
  })

  it('says what it said last where it says too much', async () => {
    const end = await run('i=0; while [ $i -lt 500 ]; do echo "line $i" >&2; i=$((i+1)); done; exit 1')
    expect(end.stderr.isCut).toBe(true)
    expect(end.stderr.text()).toContain('line 499')
  })
})

const hang = 'echo $$ > pid; exec sleep 600'
const deaf = "trap '' TERM; sleep 600 & echo $! > pid; touch ready; wait"

describe('a child that hangs', () => {
  it('is ended at its limit', async () => {
    expect(await run(hang, { limitMs: 20 })).toMatchObject({ kind: 'timed-out', exitCode: null })
  })

  it('is ended when told to', async () => {
    const abort = new AbortController()
    const end = run(hang, { signal: abort.signal })
    await reached('pid')
    abort.abort()
    expect(await end).toMatchObject({ kind: 'aborted' })
    expect(await isRunningAs('pid')).toBe(false)
  })

  it('is ended when it was told to before it began', async () => {
    expect(await run(hang, { signal: AbortSignal.abort() })).toMatchObject({ kind: 'aborted' })
  })

  it('is killed with its own children where it does not listen', async () => {
    const abort = new AbortController()
    const end = run(deaf, { signal: abort.signal, graceMs: 20 })
    await reached('ready')
    abort.abort()
    expect(await end).toMatchObject({ kind: 'aborted', exitCode: null })
    expect(await isRunningAs('pid')).toBe(false)
  })

  it('may end in good order within the grace', async () => {
    const abort = new AbortController()
    const script = "trap 'echo recorded > done; exit 1' TERM; touch ready; while :; do sleep 0.01; done"
    const end = run(script, { signal: abort.signal })
    await reached('ready')
    abort.abort()
    expect(await end).toMatchObject({ kind: 'aborted', exitCode: 1 })
    expect(await written('done')).toBe('recorded\n')
  })

  it('is ended at its limit where it was killed and left a child that holds its output', async () => {
    const end = await run('sleep 600 & echo $! > pid; kill -9 $$', { limitMs: 2_000 })
    expect(end.kind).toBe('timed-out')
    // Killed, and not the child of anybody who waits for its end.
    await expect.poll(() => isRunningAs('pid')).toBe(false)
  })
})

describe('a child whose start is to be recorded', () => {
  it('begins only afterwards', async () => {
    await run('touch begun', {
      onStart: async ({ pid }) => {
        expect(existsSync(`/proc/${pid}`)).toBe(true)
        expect(existsSync(join(directory, 'begun'))).toBe(false)
      },
    })
    expect(existsSync(join(directory, 'begun'))).toBe(true)
  })

  it('never begins where it cannot be', async () => {
    const recording = Promise.reject(new Error('the database is gone'))
    await expect(run('touch begun', { onStart: () => recording })).rejects.toThrow('the database is gone')
    expect(existsSync(join(directory, 'begun'))).toBe(false)
  })

  it('begins at once where it has input, and is given the end of that only afterwards', async () => {
    const end = await run('touch begun; cat', {
      input: '{"a":1}',
      onStart: async () => {
        await reached('begun')
        await pause(50)
      },
    })
    expect(end.stdout.text()).toBe('{"a":1}')
    const unrecorded = run('cat > got; touch done', {
      input: '{"a":1}',
      onStart: async () => {
        await expect.poll(() => written('got').catch(() => '')).toBe('{"a":1')
        throw new Error('the database is gone')
      },
    })
    await expect(unrecorded).rejects.toThrow('the database is gone')
    expect(await written('got')).toBe('{"a":1')
    expect(existsSync(join(directory, 'done'))).toBe(false)
  })
})

it('gives a child that is not recorded all of its input', async () => {
  expect((await run('cat', { input: '{}' })).stdout.text()).toBe('{}')
})
