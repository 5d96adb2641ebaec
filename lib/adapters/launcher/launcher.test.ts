import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRunning } from '#test/fixtures/is-running.ts'
import { createLauncher, killGroup, launchHere, type LaunchChild } from './index.ts'

let directory: string
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'launcher-')))
})
afterEach(() => rm(directory, { recursive: true }))

const environment = { PATH: '/usr/bin:/bin', GREETING: 'hello' }

/** A shell that has ended, and what it said. */
async function heard(launch: LaunchChild, script: string, more: { input?: string; rest?: string } = {}) {
  const said = { stdout: '', stderr: '' }
  const { input, rest } = more
  const child = await launch(
    { program: 'sh', arguments: ['-c', script], environment, directory, input, moreInput: rest !== undefined },
    (stream, chunk) => void (said[stream] += chunk.toString('utf8')),
  )
  if (rest !== undefined) child.endInput(rest)
  return { code: await child.ended, ...said }
}

const launcher = createLauncher()
afterAll(() => launcher.close())

describe.each([
  ['as a child of this process', launchHere],
  ['by a launcher', launcher.launch],
])('a program launched %s', (_way, launch) => {
  it.each([
    [
      'what it prints, and its exit code',
      'echo out; echo err >&2; exit 3',
      { code: 3, stdout: 'out\n', stderr: 'err\n' },
    ],
    ['that a signal ended it', 'kill -9 $$', { code: null }],
    [
      'the environment that it was given, and no other',
      'env | grep -v -e ^PWD -e ^SHLVL -e ^_ | sort',
      { stdout: 'GREETING=hello\nPATH=/usr/bin:/bin\n' },
    ],
    ['an empty input where it has none', 'cat; echo end', { stdout: 'end\n' }],
    ['more than a pipe holds', 'head -c 300000 /dev/zero', { stdout: '\0'.repeat(300_000) }],
  ])('tells %s', async (_what, script, end) => {
    expect(await heard(launch, script)).toMatchObject(end)
  })

  it('starts in its directory', async () => {
    expect((await heard(launch, 'pwd')).stdout.trim()).toBe(directory)
  })

  it('reads its input', async () => {
    expect((await heard(launch, 'cat', { input: 'all of it' })).stdout).toBe('all of it')
  })

  it('reads more input once it is there', async () => {
    expect((await heard(launch, 'cat', { input: 'first, ', rest: 'last' })).stdout).toBe('first, last')
  })

  it('may end before it has read its input', async () => {
    expect(await heard(launch, 'exit 4', { input: 'x'.repeat(300_000), rest: 'y' })).toMatchObject({ code: 4 })
  })

  it('leads a group of its own, which ends as one', async () => {
    const child = await launch(
      { program: 'sh', arguments: ['-c', 'sleep 600 & sleep 600'], environment, directory },
      () => {},
    )
    killGroup(child.pid)
    expect(await child.ended).toBeNull()
  })

  it('is refused where there is no such program', async () => {
    const missing = { program: join(directory, 'missing'), arguments: [], environment }
    await expect(launch(missing, () => {})).rejects.toThrow('ENOENT')
  })
})

const sleep = { program: 'sleep', arguments: ['600'], environment }

/** The process that launched it. */
async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1])
}

describe('a launcher', () => {
  it('is started again after it died, and what it had launched has ended', async () => {
    const own = createLauncher()
    const child = await own.launch(sleep, () => {})
    process.kill(await parentOf(child.pid), 'SIGKILL')
    expect(await child.ended).toBeNull()
    await expect.poll(() => isRunning(child.pid)).toBe(false)
    expect(await heard(own.launch, 'echo again')).toMatchObject({ code: 0, stdout: 'again\n' })
    await own.close()
  })

  it('goes on when somebody tells it to stop: its worker may wait for a child', async () => {
    const own = createLauncher()
    const child = await own.launch({ ...sleep, program: 'cat', arguments: [], input: '', moreInput: true }, () => {})
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.kill(await parentOf(child.pid), signal)
    child.endInput('')
    expect(await child.ended).toBe(0)
    await own.close()
  })

  it('ends with whatever it launched when it is closed, and launches nothing more', async () => {
    const own = createLauncher()
    const child = await own.launch(sleep, () => {})
    await own.close()
    expect(await child.ended).toBeNull()
    await expect.poll(() => isRunning(child.pid)).toBe(false)
    await expect(own.launch(sleep, () => {})).rejects.toThrow('closed')
  })

  it('ends with whatever it launched when its worker is killed', async () => {
    const script = join(directory, 'worker.ts')
    const door = JSON.stringify(join(import.meta.dirname, 'index.ts'))
    await writeFile(
      script,
      `import { createLauncher } from ${door}
const child = await createLauncher().launch(${JSON.stringify(sleep)}, () => {})
console.log(child.pid)
`,
    )
    const worker = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(worker.stdout, 'data')) as [Buffer]
    const pid = Number(line.toString('utf8'))
    expect(await isRunning(pid)).toBe(true)
    worker.kill('SIGKILL')
    await expect.poll(() => isRunning(pid)).toBe(false)
  })
})
