// Every citizen page: keeps the offline page at hand.

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
