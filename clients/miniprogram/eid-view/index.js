import { leaveEid } from "../index.js";

Page({
  data: { url: "" },
  onLoad({ url }) {
    this.setData({ url: decodeURIComponent(url) });
  },
  onUnload() {
    leaveEid();
  },
});
