export const dictionaries = {
  en: {
    title: "API console",
    query: "Query",
    variables: "Variables",
    response: "Response",
    responseBody: "Response body",
    token: "Access token",
    tokenHint: "Kept in this tab only",
    tokenUnfit: "An access token has only letters, digits and signs of ASCII, without spaces.",
    schema: "Schema",
    history: "History",
    run: "Run",
    stop: "Stop",
    operation: "Operation",
    unnamed: "(unnamed)",
    prettify: "Prettify",
    unformattable: "Brackets or quotes do not match: left as it is.",
    keys: "Ctrl-Enter runs, Ctrl-Space completes, Ctrl-/ comments. Tab indents; Escape and then Tab leaves the editor.",
    copy: "Copy",
    copied: "Copied",
    close: "Close",
    running: "Running…",
    stopped: "Stopped.",
    answered: "{status} · {time} · {size}",
    errorCount: "{count} errors",
    oneError: "1 error",
    noAnswer: "No answer",
    unreachable: "The server cannot be reached: {reason}",
    garbled: "The answer is not JSON ({type}).",
    retryAfter: "Try again in {seconds} s.",
    at: "line {line}, column {column}",
    variablesBroken: "Not valid JSON: {reason}",
    variablesNotObject: "Variables are a JSON object, for example {\"id\": \"…\"}.",
    schemaLoading: "Reading the schema…",
    schemaSignIn: "Sign in to read the schema: give an access token.",
    schemaRefused: "This token may not read the schema: {reason}",
    schemaFailed: "The schema could not be read: {reason}",
    tryAgain: "Try again",
    back: "Back",
    search: "Search types and fields",
    noMatches: "Nothing has this name.",
    roots: "Operations",
    allTypes: "Types",
    fields: "Fields",
    arguments: "Arguments",
    values: "Values",
    inputFields: "Input fields",
    implements: "Implements",
    possibleTypes: "Is one of",
    deprecated: "Deprecated: {reason}",
    oneOf: "Exactly one field is given.",
    OBJECT: "object",
    INTERFACE: "interface",
    UNION: "union",
    ENUM: "enum",
    INPUT_OBJECT: "input",
    SCALAR: "scalar",
    historyEmpty: "Queries you run are listed here. They stay in this browser.",
    clear: "Clear history",
    suggestions: "Suggestions",
  },
  zh: {
    title: "接口控制台",
    query: "查询",
    variables: "变量",
    response: "响应",
    responseBody: "响应正文",
    token: "访问令牌",
    tokenHint: "仅保存在此标签页",
    tokenUnfit: "访问令牌只含 ASCII 字母、数字和符号，不含空格。",
    schema: "模式",
    history: "历史",
    run: "运行",
    stop: "停止",
    operation: "操作",
    unnamed: "（未命名）",
    prettify: "格式化",
    unformattable: "括号或引号不匹配，未作改动。",
    keys: "Ctrl-Enter 运行，Ctrl-空格 补全，Ctrl-/ 注释。Tab 缩进；先按 Escape 再按 Tab 可离开编辑器。",
    copy: "复制",
    copied: "已复制",
    close: "关闭",
    running: "运行中…",
    stopped: "已停止。",
    answered: "{status} · {time} · {size}",
    errorCount: "{count} 个错误",
    oneError: "1 个错误",
    noAnswer: "无响应",
    unreachable: "无法连接服务器：{reason}",
    garbled: "响应不是 JSON（{type}）。",
    retryAfter: "请在 {seconds} 秒后重试。",
    at: "第 {line} 行，第 {column} 列",
    variablesBroken: "不是有效的 JSON：{reason}",
    variablesNotObject: "变量须为 JSON 对象，例如 {\"id\": \"…\"}。",
    schemaLoading: "正在读取模式…",
    schemaSignIn: "登录后可读取模式：请填写访问令牌。",
    schemaRefused: "此令牌无权读取模式：{reason}",
    schemaFailed: "无法读取模式：{reason}",
    tryAgain: "重试",
    back: "返回",
    search: "搜索类型和字段",
    noMatches: "没有匹配的名称。",
    roots: "操作",
    allTypes: "类型",
    fields: "字段",
    arguments: "参数",
    values: "取值",
    inputFields: "输入字段",
    implements: "实现接口",
    possibleTypes: "可能的类型",
    deprecated: "已弃用：{reason}",
    oneOf: "须且仅须给出一个字段。",
    OBJECT: "对象",
    INTERFACE: "接口",
    UNION: "联合",
    ENUM: "枚举",
    INPUT_OBJECT: "输入",
    SCALAR: "标量",
    historyEmpty: "运行过的查询会列在这里，仅保存在此浏览器中。",
    clear: "清除历史",
    suggestions: "补全建议",
  },
};

export const language = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";

export function say(key, values = {}) {
  return dictionaries[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Puts words into every element that names one by data-say, data-say-label or data-say-placeholder. */
export function translate(page) {
  page.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  page.title = `Allround ${say("title")}`;
  for (const element of page.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of page.querySelectorAll("[data-say-label]")) {
    element.setAttribute("aria-label", say(element.dataset.sayLabel));
  }
  for (const element of page.querySelectorAll("[data-say-placeholder]")) {
    element.placeholder = say(element.dataset.sayPlaceholder);
  }
}

export const duration = (milliseconds) => `${amount(milliseconds)} ms`;

export function size(bytes) {
  return bytes < 1000 ? `${amount(bytes)} B` : `${amount(bytes / 1000, 1)} kB`;
}

function amount(value, maximumFractionDigits = 0) {
  return new Intl.NumberFormat(language, { maximumFractionDigits }).format(value);
}
