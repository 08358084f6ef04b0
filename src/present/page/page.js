'use strict';
(() => {
  const { numbers, words } = JSON.parse(document.getElementById('data').textContent);
  const panel = document.getElementById('panel');
  const detail = document.getElementById('detail');
  const overview = document.getElementById('overview');
  const marks = [...document.querySelectorAll('.n')];
  // Doubtful: left over, a finding, or contradicted by another statement of the same fact.
  const contradicted = (at) => numbers[Number(at)].figures.some((figure) => figure.others.some((other) => other.agrees === 'conflict'));
  for (const mark of marks) if (mark.dataset.n.split(' ').some(contradicted)) mark.classList.add('contradicted');
  const doubtful = marks.filter((mark) => mark.matches('.leftover, .finding, .contradicted'));
  let current = null;

  // Text from the document only ever becomes a text node.
  const element = (name, className, ...children) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    for (const child of children) made.append(child);
    return made;
  };
  const pair = ([chinese, english]) => chinese === english ? document.createTextNode(chinese)
    : element('span', '', element('span', 'zh', chinese), element('span', 'en', english));
  const word = (key, otherwise) => Object.hasOwn(words, key) ? pair(words[key]) : document.createTextNode(otherwise ?? key);
  const rows = (list, entries) => {
    for (const [name, value] of entries) {
      if (value === null || value === undefined || value === '') continue;
      list.append(element('dt', '', word(name)), element('dd', '', value));
    }
    return list;
  };
  const path = (text) => element('span', 'path', ...text.split(' › ').map((part) => element('span', '', part)));

  const drawOther = (other) => {
    const where = other.document === '' ? element('span', '', word('here')) : element('span', '', other.document);
    const place = other.anchor ? element('a', '', other.place) : element('span', '', other.place);
    if (other.anchor) place.href = '#' + other.anchor;
    return element('li', 'agrees-' + other.agrees, element('b', '', other.value), ' ', word(other.agrees), element('br', ''),
      where, ' · ', word('form.' + other.form, other.form), ' · ', place);
  };
  const drawFigure = (figure) => {
    const made = element('div', '');
    made.append(element('p', 'value', figure.value + ' ' + figure.unit));
    made.append(rows(element('dl', ''), [
      ['item', figure.item], ['entity', figure.entity], ['function', figure.function], ['economic', figure.economic],
      ['funding', figure.funding && word('funding.' + figure.funding)], ['measure', word('measure.' + figure.measure)],
      ['base', figure.base], ['year', String(figure.year)], ['written', figure.written],
      ['label', path(figure.label)], ['rule', figure.rule], ['flags', figure.flags],
    ]));
    made.append(element('h2', '', word(figure.others.length ? 'elsewhere' : 'nowhere')));
    made.append(element('ul', '', ...figure.others.map(drawOther)));
    return made;
  };
  const drawNumber = (number) => {
    const made = element('div', '');
    made.append(element('h2', '', element('span', number.fate, word('fate.' + number.fate)), ' ' + number.text));
    made.append(rows(element('dl', ''), [
      ['place', number.place], ['form', number.form && word('form.' + number.form, number.form)],
      ['rule', number.figures.length ? '' : number.rule],
    ]));
    made.append(...number.figures.map(drawFigure));
    for (const score of number.scores) {
      made.append(rows(element('dl', ''), [
        ['item', path(score.levels.join(' › '))], ['entity', score.entity], ['score', score.score + ' / ' + score.weight],
      ]));
    }
    for (const text of number.texts) {
      made.append(rows(element('dl', ''), [['item', text.item], ['measure', text.measure && word('measure.' + text.measure, text.measure)], ['text', text.text]]));
    }
    for (const leftover of number.leftovers) {
      made.append(rows(element('dl', ''), [['blocked_by', leftover.blocked_by], ['labels', path(leftover.labels)]]));
    }
    for (const finding of number.findings) {
      made.append(element('ul', '', element('li', finding.severity, word('severity.' + finding.severity), ' ' + finding.code + ' ', pair(finding.message))));
    }
    return made;
  };

  const show = (mark, scroll) => {
    if (current) current.classList.remove('on');
    current = mark;
    const back = element('button', '', word('back'));
    back.type = 'button';
    back.addEventListener('click', close);
    detail.replaceChildren(element('p', '', back), ...mark.dataset.n.split(' ').map((at) => drawNumber(numbers[Number(at)])));
    detail.hidden = false;
    overview.hidden = true;
    mark.classList.add('on');
    panel.scrollTop = 0;
    if (scroll) mark.scrollIntoView({ block: 'center', inline: 'center' });
  };
  const close = () => {
    if (current) current.classList.remove('on');
    current = null;
    detail.hidden = true;
    overview.hidden = false;
  };
  const step = (by) => {
    if (!doubtful.length) return;
    const here = current ? marks.indexOf(current) : (by > 0 ? -1 : marks.length);
    const ahead = by > 0 ? doubtful.find((mark) => marks.indexOf(mark) > here)
      : doubtful.findLast((mark) => marks.indexOf(mark) < here);
    show(ahead ?? doubtful.at(by > 0 ? 0 : -1), true);
  };
  // A link of the lists shows the number that stands at its place.
  const follow = () => {
    const at = location.hash && document.getElementById(location.hash.slice(1));
    const mark = at && at.querySelector('.n');
    if (mark) show(mark, true);
  };

  document.addEventListener('click', (event) => {
    const mark = event.target.closest('.n');
    if (mark) show(mark, false);
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && document.activeElement.classList.contains('n')) show(document.activeElement, false);
    else if (event.key === 'Escape') close();
    else if (event.key === 'n') step(1);
    else if (event.key === 'p') step(-1);
  });
  for (const chip of document.querySelectorAll('.chip')) {
    chip.addEventListener('click', () => {
      const off = document.body.classList.toggle('no-' + chip.dataset.fate);
      chip.setAttribute('aria-pressed', String(!off));
    });
  }
  for (const id of ['previous', 'next']) document.getElementById(id).disabled = !doubtful.length;
  document.getElementById('next').addEventListener('click', () => step(1));
  document.getElementById('previous').addEventListener('click', () => step(-1));
  document.getElementById('language').addEventListener('click', () => {
    document.documentElement.lang = document.documentElement.lang === 'zh' ? 'en' : 'zh';
  });
  window.addEventListener('hashchange', follow);
  follow();
})();
