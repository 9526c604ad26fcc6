import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import { defineAsyncComponent } from 'vue';
import Explorer from '../../src/components/Explorer.vue';
import 'katex/dist/katex.min.css';
import './style.css';

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('Explorer', Explorer);
    app.component(
      'OwnImage',
      defineAsyncComponent(() => import('../../src/components/OwnImage.vue')),
    );
    app.component(
      'TrainHere',
      defineAsyncComponent(() => import('../../src/components/TrainHere.vue')),
    );
  },
} satisfies Theme;
