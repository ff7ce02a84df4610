import DefaultTheme from 'vitepress/theme-without-fonts';
import { followTabs } from './tabs.ts';
import './style.css';

export default {
  ...DefaultTheme,
  enhanceApp(): void {
    if (typeof document !== 'undefined') followTabs(document, localStorage);
  },
};
