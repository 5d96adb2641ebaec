import { describe, expect, it } from 'vitest'
import { accessibilityProblems } from './page-checks.ts'
import { pictureOnFailure, type ProductInBrowser } from './product-in-browser.ts'

export function explaining(the: () => ProductInBrowser): void {
  describe('why not', () => {
    it('is asked of a tag by keyboard, and answers gate by gate', async () => {
      const { page, product, release } = the()
      pictureOnFailure(page)
      await page.goto(`${(await release('podinfo-dev')).path}/images`)
      const button = page.getByRole('button', { name: 'Why? stg-9ij63o4c' })
      await button.focus()
      await page.keyboard.press('Enter')
      const why = page.getByRole('dialog', { name: 'Why stg-9ij63o4c?' })
      await why.getByText('stg-9ij63o4c does not come to dev').waitFor()
      expect(await why.getByRole('listitem').count()).toBe(20)
      const blocked = await why.getByRole('listitem').filter({ hasText: 'in the way' }).allInnerTexts()
      expect(blocked).toEqual([expect.stringMatching(/^Matches the filter/)])
      expect(new URL(page.url()).searchParams.get('why')).toBe('stg-9ij63o4c')
      const copied = page.url()
      await page.keyboard.press('Escape')
      await why.waitFor({ state: 'detached' })
      expect(await button.evaluate((element) => element === document.activeElement)).toBe(true)

      await page.goto(product.web)
      await page.goto(copied)
      await why.getByText('stg-9ij63o4c does not come to dev').waitFor()
    })

    it('is asked of what runs, and of what nobody pushed', async () => {
      const { page, release } = the()
      pictureOnFailure(page)
      await page.goto(`${(await release('podinfo-dev')).path}/images`)
      await page
        .getByRole('row')
        .filter({ has: page.getByText('runs', { exact: true }) })
        .getByRole('button', { name: /^Why/ })
        .click()
      await page.getByRole('dialog').getByText('runs in dev and is healthy').waitFor()
      expect(await page.getByRole('dialog').innerText()).toContain('20 of 20 passed')
      await page.keyboard.press('Escape')
      await page.getByLabel('Find a tag').fill('dev-nobody')
      await page.getByRole('button', { name: 'Why not dev-nobody?' }).click()
      const seen = page.getByRole('dialog').getByRole('listitem').first()
      await seen.getByText('The registry had no dev-nobody').waitFor()
      await seen.getByText(/^next look/).waitFor()
      await page.keyboard.press('Escape')
    })
  })

  describe('the simulator', () => {
    it('tells what a filter would have chosen over the recorded scans', async () => {
      const { page, release } = the()
      pictureOnFailure(page)
      await page.goto(`${(await release('podinfo-dev')).path}/images`)
      await page.getByRole('button', { name: 'Change policy' }).click()
      const past = page.getByRole('region', { name: 'Over time' })
      await past
        .getByRole('listitem')
        .filter({ hasText: /^dev-e2e00001\s*dev-e2e00002/ })
        .waitFor()
      await page.getByLabel('Filter to try').fill('glob:stg-*')
      await past.getByText('dev-e2e00002').first().waitFor({ state: 'detached' })
      expect(await past.getByRole('listitem').last().innerText()).toContain('stg-9ij63o4c')
      expect(await accessibilityProblems(page)).toEqual([])
    })
  })
}
