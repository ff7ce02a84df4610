const KEY = 'asa-docs-tab';

/** Whoever picks a language once sees it in every group of samples, on this page and the next ones. */
export function followTabs(page: Document, memory: Storage): void {
  const labelOf = (input: Element): string => page.querySelector(`label[for="${input.id}"]`)?.textContent?.trim() ?? '';
  let busy = false;
  const apply = (label: string): void => {
    busy = true;
    for (const input of page.querySelectorAll<HTMLInputElement>('.vp-code-group input:not(:checked)'))
      if (labelOf(input) === label) input.click();
    busy = false;
  };
  page.addEventListener('change', (event) => {
    const input = event.target;
    if (busy || !(input instanceof HTMLInputElement) || input.closest('.vp-code-group') === null) return;
    const label = labelOf(input);
    memory.setItem(KEY, label);
    const place = input.getBoundingClientRect().top;
    apply(label);
    // What was clicked stays where it is, although groups above it changed their height.
    window.scrollBy(0, input.getBoundingClientRect().top - place);
  });
  // Pages come without a load: each time the article changes, the choice is applied to what is new.
  const remembered = (): void => {
    const label = memory.getItem(KEY);
    if (label !== null) apply(label);
  };
  new MutationObserver(remembered).observe(page.documentElement, { childList: true, subtree: true });
}
