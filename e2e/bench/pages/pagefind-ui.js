// Pagefind's default interface, asked by the address: ?q=…

const ui = new PagefindUI({ element: '#search', pageSize: 10, showImages: false, showSubResults: true });
ui.triggerSearch(new URLSearchParams(location.search).get('q'));
