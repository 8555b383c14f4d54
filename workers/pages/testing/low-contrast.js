// Evaluated in the page: visible text whose contrast with what lies behind it is under WCAG 2.2 AA (1.4.3), as readable lines.
(() => {
  const parse = (colour) => {
    const [r = 0, g = 0, b = 0, a = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
    return { r, g, b, a };
  };
  const over = (top, bottom) => {
    const mix = (x, y) => x * top.a + y * (1 - top.a);
    return { r: mix(top.r, bottom.r), g: mix(top.g, bottom.g), b: mix(top.b, bottom.b), a: 1 };
  };
  const luminance = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ratio = (a, b) => {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  };
  const chain = (element) => {
    const path = [];
    for (let at = element; at !== null; at = at.parentElement) path.unshift(getComputedStyle(at));
    return path;
  };
  const canvas = matchMedia('(prefers-color-scheme: dark)').matches
    ? parse('rgb(18,18,18)')
    : parse('rgb(255,255,255)');

  // A colour on its way to another is nobody's choice; what counts is where it ends.
  for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish();

  const failures = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.data.trim();
    if (text === '' || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (element.matches('script, style, noscript, option, :disabled, :disabled *')) continue;
    const styles = chain(element);
    // Each group of an opacity below 1 is blended, as a whole, with what was behind it.
    let behind = canvas;
    let faded = 1;
    for (const style of styles) {
      faded *= Number(style.opacity);
      const background = parse(style.backgroundColor);
      behind = over({ ...background, a: background.a * faded }, behind);
    }
    const style = styles.at(-1);
    const colour = parse(style.color);
    const seen = over({ ...colour, a: colour.a * faded }, behind);
    const pixels = Number.parseFloat(style.fontSize);
    const isLarge = pixels >= 24 || (pixels >= 18.66 && Number(style.fontWeight) >= 700);
    const measured = ratio(seen, behind);
    if (measured >= (isLarge ? 3 : 4.5)) continue;
    failures.add(`${measured.toFixed(2)} ${element.tagName.toLowerCase()}.${element.className} "${text.slice(0, 30)}"`);
  }
  return [...failures];
})();
