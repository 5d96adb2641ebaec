import { describe, expect, it } from 'vitest'
import { pictureOnFailure, type ProductInBrowser } from './product-in-browser.ts'

export function lookingBack(the: () => ProductInBrowser): void {
  describe('the audit trail', () => {
    it('is filtered, and the filter stands in the address', async () => {
      const { page, product } = the()
      pictureOnFailure(page)
      await page.goto(`${product.web}/audit`)
      const rows = page.getByRole('region', { name: 'Events' }).locator('tbody').getByRole('row')
      await page.getByLabel('Kind').selectOption('policy')
      await page.waitForURL('**/audit?kind=policy')
      await page.getByLabel('Environment', { exact: true }).fill('dev')
      await page.waitForURL('**/audit?kind=policy&environment=dev')
      await expect.poll(async () => (await rows.allInnerTexts()).every((text) => /^.*\s+policy/.test(text))).toBe(true)
      await page.reload()
      const held = rows.filter({ hasText: 'demo at noon' })
      await held.waitFor()
      expect(await held.innerText()).toContain('podinfo-dev')
    })

    it('opens an event with before and after, and its place in the chain', async () => {
      const { page } = the()
      pictureOnFailure(page)
      await page.getByRole('row').filter({ hasText: 'demo at noon' }).click()
      const drawer = page.getByRole('dialog', { name: /^Event \d+$/ })
      await drawer.getByText('Place in the chain').waitFor()
      expect(await drawer.innerText()).toContain('fluxcd.io/locked')
      expect(new URL(page.url()).searchParams.get('event')).toMatch(/^\d+$/)
      await page.keyboard.press('Escape')
      await drawer.waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Clear' }).click()
      await page.waitForURL('**/audit')
    })

    it('verifies, and can be taken away', async () => {
      const { page } = the()
      pictureOnFailure(page)
      await page.getByRole('button', { name: 'Verify', exact: true }).click()
      await page.getByText(/^Intact: \d+ events/).waitFor()
      await page.getByRole('button', { name: 'Export' }).click()
      await page.getByRole('menuitem', { name: 'Anchor in Git now' }).click()
      await page.getByText(/Git knows it up to event \d+/).waitFor()
      await page.getByRole('button', { name: 'Export' }).click()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: 'JSON lines' }).click(),
      ])
      expect(download.suggestedFilename()).toBe('wheelhouse-audit.jsonl')
    })
  })
}
