import DefaultTheme from 'vitepress/theme-without-fonts';
import { h } from 'vue';
import { sampleAnswer } from './sample.ts';
import { followTabs } from './tabs.ts';
import './style.css';

export default {
  ...DefaultTheme,
  // Beside the first words: what the service answers.
  Layout: () => h(DefaultTheme.Layout, null, { 'home-hero-image': sampleAnswer }),
  enhanceApp(): void {
    if (typeof document !== 'undefined') followTabs(document, localStorage);
  },
};
