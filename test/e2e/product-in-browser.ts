import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFailed } from 'vitest'
import type { Role } from '#lib/core/access/index.ts'
import { listReleases } from '#lib/api/releases.ts'
import { ensurePerson, newSignInLink } from '#lib/wiring/first-run.ts'
import { startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'
import { openStoreBeside } from '#test/fixtures/test-database.ts'

/** A whole demo, and a real browser that is signed in. One for all flows: starting it takes longer than most of them. */
export interface ProductInBrowser {
  product: RunningProduct
  browser: Browser
  /** The administrator's window, 1280 px wide; flows follow each other in it. */
  page: Page
  /** Another window of the administrator. */
  window(options?: BrowserContextOptions): Promise<Page>
  /** A window of a person of this role, made for it. */
  windowOf(role: Role): Promise<Page>
  linkFor(role: Role): Promise<string>
  release(name: string): Promise<{ id: string; path: string; revision: number }>
  /** What went wrong in a window that nobody had asked for: scripts that threw, content the policy refused. */
  complaints: string[]
}

const executablePath = process.env.WHEELHOUSE_CHROMIUM ?? '/usr/bin/chromium'
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
/** A commit, an upgrade and the way to the page; far more than they need on an idle machine. */
const patienceMs = 30_000
const still = { reducedMotion: 'reduce', viewport: { width: 1280, height: 900 } } as const

/** Starts everything before the tests of a file and ends it after them; call it once, at the top. */
export function useProductInBrowser(): () => ProductInBrowser {
  let started: ProductInBrowser | undefined
  beforeAll(async () => {
    started = await start()
  }, 900_000)
  afterAll(async () => {
    await started?.browser.close()
    await started?.product.stop()
  }, 60_000)
  return () => {
    if (!started) throw new Error('the product is not started yet')
    return started
  }
}

async function start(): Promise<ProductInBrowser> {
  const [product, browser] = await Promise.all([
    startRunningProduct(),
    chromium.launch({ executablePath, args, timeout: 60_000 }),
  ])
  const complaints: string[] = []
  const open = (options: BrowserContextOptions) => openWindow(browser, { ...still, ...options }, complaints)
  const page = await open({})
  await signIn(page, product.product.logins.admin)
  const signedIn = await page.context().storageState()
  const linkFor = (role: Role) => newLink(product, role)
  return {
    product,
    browser,
    page,
    complaints,
    window: (options) => open({ storageState: signedIn, ...options }),
    async windowOf(role) {
      const window = await open({})
      await signIn(window, await linkFor(role))
      return window
    },
    linkFor,
    async release(name) {
      const { items } = await product.call(listReleases, { query: {} })
      const found = items.find((release) => release.name === name)
      if (!found) throw new Error(`the API lists no release ${name}`)
      return { id: found.id, path: `${product.web}/releases/${found.id}`, revision: found.revision ?? 0 }
    },
  }
}

async function openWindow(browser: Browser, options: BrowserContextOptions, complaints: string[]): Promise<Page> {
  const context: BrowserContext = await browser.newContext(options)
  context.setDefaultTimeout(patienceMs)
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${String(error)}`))
  page.on('console', (message) => {
    // The browser itself notes every answer of 4xx; those are looked at where they belong.
    const refused = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !refused) complaints.push(`${page.url()}: ${message.text()}`)
  })
  return page
}

export async function signIn(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Environments', level: 1 }).waitFor()
}

async function newLink(product: RunningProduct, role: Role): Promise<string> {
  const store = await openStoreBeside(product.product.database, 'wheelhouse-e2e')
  try {
    return await newSignInLink(store, product.web, await ensurePerson(store, role))
  } finally {
    await store.close()
  }
}

/** The event stream of the page is open: what happens from now on reaches it without a reload. */
export async function untilLive(page: Page): Promise<void> {
  await page.locator('[data-live="live"]').first().waitFor({ state: 'attached' })
}

/** Marks the document; a reload would lose the mark. Returns whether it is still there. */
export async function markDocument(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => void (document.documentElement.dataset.mark = 'kept'))
  return () => page.evaluate(() => document.documentElement.dataset.mark === 'kept')
}

/** Should the test fail, what its window showed stands in a picture whose path is told. */
export function pictureOnFailure(page: Page): void {
  onTestFailed(async ({ task }) => {
    const path = join(await mkdtemp(join(tmpdir(), 'wheelhouse-e2e-')), `${task.name.replaceAll(/\W+/g, '-')}.png`)
    await page.screenshot({ path, fullPage: true }).catch(() => undefined)
    console.error(`the window at ${page.url()} stands in ${path}`)
  })
}
