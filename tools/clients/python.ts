import type { Choice, Entity, Field, Model, Params, Shape, Type } from './model.ts';

/** The Python client's generated modules. Pure. */

export const HEADER = '# Generated from the contract by "npm run generate". Do not edit.\n';

/** Names that cannot be keys of a class-based TypedDict. */
const KEYWORDS = new Set(
  `False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield`.split(
    ' ',
  ),
);

/** `types.py`: one TypedDict per object, one Literal per choice. Written for Python 3.9 without further packages. */
export function pythonTypes(model: Model): string {
  const body = [
    ...model.choices.map(choice),
    ...inOrder(model.entities).map(entity),
    `__all__ = [\n${[...model.choices, ...model.entities]
      .map(({ name }) => `    ${text(name)},\n`)
      .toSorted()
      .join('')}]`,
  ].join('\n\n\n');
  const typing = ['Any', 'Literal', 'Optional', 'TypedDict', 'Union'].filter((name) =>
    new RegExp(`\\b${name}\\b`).test(body),
  );
  return `${HEADER}"""The service's answers, as JSON brings them. Every key is there unless it is said to be optional."""\n\nfrom typing import ${typing.join(', ')}\n\n${body}\n`;
}

/** `params.py`: what the calls take beside their query. */
export function pythonParams(model: Model): string {
  const used = model.choices.filter(({ name }) =>
    model.params.some(({ fields }) =>
      fields.some(({ type }) => type.shape.kind === 'choice' && type.shape.name === name),
    ),
  );
  return `${HEADER}"""The parameters of calls beside their query; one that is missing or None is not sent."""

from typing import Optional, TypedDict

from .types import ${used.map(({ name }) => name).join(', ')}

${model.params
  .flatMap(options)
  .map((each) => `\n${each}`)
  .join('\n')}`;
}

/** Parameters that say which pages: `search_pages` sets them itself. */
const PAGES = ['start_page', 'pages'];

function options({ name, about, fields }: Params): string[] {
  const own = fields
    .filter(({ required }) => !required)
    .map((each) => ({ ...each, optional: true, type: { ...each.type, nullable: true } }));
  const [pages, others] = [
    own.filter((each) => PAGES.includes(each.name)),
    own.filter((each) => !PAGES.includes(each.name)),
  ];
  const title = name.replace(/Params$/, '');
  const define = (class_: string, base: string, members: readonly Field[]): string =>
    `class ${class_}(${base}, total=False):\n    ${docstring(about)}\n\n${members.map(field).join('')}`;
  return pages.length === 0
    ? [define(`${title}Options`, 'TypedDict', others)]
    : [define(`${title}PageOptions`, 'TypedDict', others), define(`${title}Options`, `${title}PageOptions`, pages)];
}

const choice = ({ name, values }: Choice): string =>
  `${name} = Literal[\n${values.map((value) => `    ${text(value)},\n`).join('')}]`;

function entity({ name, about, fields }: Entity): string {
  const optional = fields.filter((each) => each.optional);
  const always = fields.filter((each) => !each.optional);
  // typing.NotRequired is not in Python 3.9: optional keys are a base class that is not total.
  const base = optional.length === 0 ? 'TypedDict' : `_${name}Optional`;
  return [
    ...(optional.length === 0
      ? []
      : [`class _${name}Optional(TypedDict, total=False):\n${optional.map(field).join('')}\n`]),
    `class ${name}(${base}):\n${about === '' ? '' : `    ${docstring(about)}\n\n`}${always.map(field).join('')}`,
  ]
    .join('\n')
    .trimEnd();
}

function field({ name, type, about }: Field): string {
  if (KEYWORDS.has(name)) throw new Error(`a field is named ${name}, which is a keyword of Python`);
  return `    ${name}: ${typeText(type)}\n${about === '' ? '' : `    ${docstring(about)}\n`}`;
}

const docstring = (about: string): string =>
  `"""${about.replaceAll('\\', '\\\\').replaceAll('"""', "'''").replace(/"$/, '" ')}"""`;

export const typeText = ({ shape, nullable }: Type): string =>
  nullable ? `Optional[${shapeText(shape)}]` : shapeText(shape);

const PLAIN = { text: 'str', integer: 'int', number: 'float', boolean: 'bool', any: 'Any' } as const;

function shapeText(shape: Shape): string {
  if ('name' in shape) return shape.name;
  if (shape.kind === 'union') return `Union[${shape.of.map(shapeText).join(', ')}]`;
  if (shape.kind === 'list') return `list[${typeText(shape.of)}]`;
  return shape.kind === 'map' ? `dict[str, ${typeText(shape.of)}]` : PLAIN[shape.kind];
}

/** Classes after those that they name: an annotation is evaluated where it stands. */
function inOrder(entities: readonly Entity[]): Entity[] {
  const byName = new Map(entities.map((each) => [each.name, each]));
  const done = new Map<string, Entity>();
  const visit = (each: Entity): void => {
    if (done.has(each.name)) return;
    for (const name of each.fields.flatMap(({ type }) => named(type.shape))) {
      const other = byName.get(name);
      if (other !== undefined && other !== each) visit(other);
    }
    done.set(each.name, each);
  };
  entities.forEach(visit);
  return [...done.values()];
}

const named = (shape: Shape): string[] =>
  shape.kind === 'object'
    ? [shape.name]
    : shape.kind === 'list' || shape.kind === 'map'
      ? named(shape.of.shape)
      : shape.kind === 'union'
        ? shape.of.flatMap(named)
        : [];

/** A Python string. */
export const text = (value: string): string => JSON.stringify(value);
