import { describe, expect, it } from 'vitest'
import { accessibilityProblems, sidewaysOverflow, untilLoaded } from './page-checks.ts'
import { pictureOnFailure, untilLive, type ProductInBrowser } from './product-in-browser.ts'

const pages = [
  '/',
  '/?q=nothing+is+called+that',
  '{release}',
  '{release}/history',
  '{release}/history?what=manifest&view=split',
  '{release}/history?to=live&view=split',
  '{release}/images',
  '{release}/images?why=dev-none',
  '{release}/activity',
  '{release}?do=lock',
  '{release}?do=release',
  '{release}?do=rollback',
  '/releases/rel-nothing',
  '/inbox',
  '/promotions',
  '/promotions?app=podinfo',
  '/promotions/pro-nothing',
  '/images',
  '/alerts',
  '/audit',
  '/repository',
  '/repository/wheelhouse-yaml',
  '/settings',
  '/settings/repository',
  '/settings/clusters',
  '/settings/registries',
  '/settings/notifications',
  '/settings/webhooks',
  '/settings/tokens',
  '/settings/people',
  '/settings/sign-in',
  '/you',
]

/** Light as a window on a desk, dark as a phone: both palettes and both layouts. */
const looks = [
  { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 360, height: 780 } },
] as const

type Look = (typeof looks)[number]

/** What is wrong with each page in one look, by its address; pages that are well are not named. */
async function problemsOfPages(the: ProductInBrowser, look: Look, release: string): Promise<Record<string, string[]>> {
  const page = await the.window(look)
  pictureOnFailure(page)
  const found: Record<string, string[]> = {}
  for (const one of pages) {
    await page.goto(one.startsWith('/') ? `${the.product.web}${one}` : one.replace('{release}', release))
    await untilLive(page)
    await untilLoaded(page)
    if (/[?&](?:do|why)=/.test(one)) await page.getByRole('dialog').waitFor()
    const problems = await accessibilityProblems(page)
    await page.setViewportSize({ width: 360, height: 780 })
    const overflow = await sidewaysOverflow(page)
    if (overflow > 0) problems.push(`wider than 360 px by ${overflow}`)
    await page.setViewportSize(look.viewport)
    if (problems.length > 0) found[one] = problems
  }
  await page.context().close()
  return found
}

export function everyPage(the: () => ProductInBrowser): void {
  it('every page is free of what axe finds, and no wider than a phone', async () => {
    const { path } = await the().release('podinfo-dev')
    const [light, dark] = await Promise.all(looks.map((look) => problemsOfPages(the(), look, path)))
    expect({ light, dark }).toEqual({ light: {}, dark: {} })
  }, 480_000)

  it('an address that leads nowhere leads back', async () => {
    const { product, window } = the()
    const page = await window({ viewport: { width: 360, height: 780 } })
    pictureOnFailure(page)
    await page.goto(`${product.web}/nowhere`)
    await page.getByRole('heading', { name: 'There is no page here' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('link', { name: 'To the environments' }).click()
    await page.getByRole('heading', { name: 'Environments', level: 1 }).waitFor()
    await page.context().close()
  })

  describe('the theme', () => {
    it('is chosen by hand, at once and for the next page', async () => {
      const { product, window } = the()
      const page = await window({ colorScheme: 'light' })
      pictureOnFailure(page)
      await page.goto(product.web)
      await page.getByRole('button', { name: /^You: Admin/ }).click()
      await page.getByRole('menuitemcheckbox', { name: 'Dark' }).click()
      const theme = () => page.locator('html').getAttribute('data-theme')
      expect(await theme()).toBe('dark')
      await page.reload()
      expect(await theme()).toBe('dark')
      await page.context().close()
    })
  })
}
