// The page's words, Chinese first.

import { remember } from "./storage.js";

const WORDS = {
  zh: {
    brand: "算链",
    title: "算链 · 问资料，要出处",
    skip: "跳到提问框",
    tools: "工具",
    newChat: "新对话",
    examples: "示例问题",
    heroTitle: "问资料，要出处",
    heroText: "答案只取自资料原文，每句话都能点开核对；资料里没有的，会直说没有。",
    question: "问题",
    placeholder: "输入问题",
    placeholderMore: "接着问",
    send: "发送",
    stop: "停止",
    hint: "Enter 发送，Shift + Enter 换行",
    keyTitle: "需要密钥",
    keyText: "这个服务需要密钥，只保存在本标签页。",
    keyWrong: "这个密钥无效，请检查后重新输入。",
    keySave: "使用",
    close: "关闭",
    outline: "目录",
    stateLoading: "正在加载",
    stateReady: "就绪",
    stateOffline: "未连接",
    otherLanguage: "EN",
    otherLanguageLabel: "Switch to English",
    themeAuto: "外观：跟随系统",
    themeLight: "外观：浅色",
    themeDark: "外观：深色",
    searching: "正在资料中查找…",
    answer: "回答",
    list: "名单",
    count: "{n} 项",
    name: "名称",
    from: "出处",
    copyList: "复制名单",
    copyAnswer: "复制回答",
    copied: "已复制",
    copyFailed: "复制失败",
    refused: "资料中没有答案",
    missing: "缺少的内容",
    partly: "以下部分资料中没有",
    related: "相近的段落",
    sources: "出处",
    derived: "其中有由多条引文推算得出的内容",
    incomplete: "回答未写完",
    understood: "理解为：{text}",
    extractive: "摘自原文",
    llm: "语言模型撰写",
    confidence: "把握 {n}%",
    took: "{n} 毫秒",
    citation: "引用 {n}：{title}",
    derivedFrom: "来历",
    publisher: "发布者",
    published: "发布日期",
    source: "来源",
    page: "页码",
    version: "版本",
    section: "章节",
    passage: "原文段落",
    showInDocument: "在全文中查看",
    opening: "正在打开全文…",
    retry: "重试",
    failed: "没有得到回答",
    network: "连接不上服务，请检查网络或服务是否在运行。",
    badReply: "服务的回复无法读取。",
    requestId: "请求编号 {id}",
    stopped: "已停止。",
  },
  en: {
    brand: "Suanlian",
    title: "Suanlian · answers with their sources",
    skip: "Skip to the question",
    tools: "Tools",
    newChat: "New chat",
    examples: "Example questions",
    heroTitle: "Ask the documents, see the source",
    heroText: "Answers are made of the documents’ own words, and each can be checked with a click. What is not there is said not to be.",
    question: "Question",
    placeholder: "Ask a question",
    placeholderMore: "Ask a follow-up",
    send: "Send",
    stop: "Stop",
    hint: "Enter to send, Shift + Enter for a new line",
    keyTitle: "A key is needed",
    keyText: "This service needs a key. It is kept in this tab only.",
    keyWrong: "That key is not valid. Check it and enter it again.",
    keySave: "Use",
    close: "Close",
    outline: "Contents",
    stateLoading: "Loading",
    stateReady: "Ready",
    stateOffline: "Not connected",
    otherLanguage: "中文",
    otherLanguageLabel: "切换到中文",
    themeAuto: "Theme: system",
    themeLight: "Theme: light",
    themeDark: "Theme: dark",
    searching: "Searching the documents…",
    answer: "Answer",
    list: "List",
    count: "{n} entries",
    name: "Name",
    from: "Source",
    copyList: "Copy list",
    copyAnswer: "Copy answer",
    copied: "Copied",
    copyFailed: "Copy failed",
    refused: "The documents do not say",
    missing: "What is missing",
    partly: "Not in the documents",
    related: "Nearest passages",
    sources: "Sources",
    derived: "Part of this is worked out from several quotes",
    incomplete: "The answer is not complete",
    understood: "Read as: {text}",
    extractive: "Quoted",
    llm: "Written by a language model",
    confidence: "{n}% confident",
    took: "{n} ms",
    citation: "Citation {n}: {title}",
    derivedFrom: "Origin",
    publisher: "Publisher",
    published: "Published",
    source: "Source",
    page: "Page",
    version: "Version",
    section: "Section",
    passage: "Passage",
    showInDocument: "Show in document",
    opening: "Opening the document…",
    retry: "Try again",
    failed: "No answer came",
    network: "The service cannot be reached. Check the network, or whether it is running.",
    badReply: "The service’s reply could not be read.",
    requestId: "Request {id}",
    stopped: "Stopped.",
  },
};

let current = document.documentElement.lang === "en" ? "en" : "zh";

export const language = () => current;

/** The word for `key`, with `{name}` filled in. */
export function t(key, values = {}) {
  return WORDS[current][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Puts the words into everything that stands in index.html. */
export function translatePage() {
  document.documentElement.lang = current === "en" ? "en" : "zh-CN";
  document.title = t("title");
  for (const element of document.querySelectorAll("[data-i18n]")) element.textContent = t(element.dataset.i18n);
  for (const [data, attribute] of [["i18nPlaceholder", "placeholder"], ["i18nLabel", "aria-label"], ["i18nTitle", "title"]]) {
    const selector = `[data-${data.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}]`;
    for (const element of document.querySelectorAll(selector)) element.setAttribute(attribute, t(element.dataset[data]));
  }
}

export function switchLanguage() {
  current = current === "en" ? "zh" : "en";
  remember("language", current);
  translatePage();
}
